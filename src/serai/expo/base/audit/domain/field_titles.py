"""What the fields and actions of the audit trail are called, where neither a table of fields nor a model says so."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# fmt: off
TITLES: Mapping[str, Promise] = {
    "name": pgettext_lazy("of a thing", "Name"), "country": _("Country or region"),
    "email": _("Mail address"), "slug": _("Short name for its address"),
    "user": _("Person"), "person": _("Person"), "made_by": _("Made by"), "made_at": _("Made on"),
    "decided_by": _("Decided by"), "decided_at": _("Decided on"), "said_at": _("Said on"), "said_by": _("Said by"),
    "sent_at": _("Sent on"), "sent_by": _("Sent by"), "asked_at": _("Asked on"), "asked_by": _("Asked by"),
    "asker": _("Who asks"), "asked": _("Who is asked"), "answered_at": _("Answered on"), "done_at": _("Done on"),
    "answered_by": _("Answered by"), "done_by": _("Done by"), "expires_at": _("Runs out"), "ended_at": _("Ended on"),
    "accepted_at": _("Accepted on"), "confirmed_at": _("Confirmed on"), "published_at": _("Published on"),
    "withdrawn_at": _("Withdrawn on"), "closed_at": _("Closed on"), "opened_at": _("Opened on"),
    "reviewed_at": _("Reviewed on"), "reviewed_by": _("Reviewed by"), "review": _("State"),
    "review_note": _("What has to be changed"), "changed_at": _("Changed on"), "entered_at": _("Entered on"),
    "created_at": _("Made on"), "undone_at": _("Undone"), "applied_at": _("Applied"), "reminded_on": _("Reminded on"),
    "starts_at": _("Begins"), "ends_at": _("Ends"), "starts_on": _("First day"), "ends_on": _("Last day"),
    "opens_at": _("Opens"), "closes_at": _("Closes"), "arrives_on": _("Arrives on"), "leaves_on": _("Leaves on"),
    "width_m": _("Width, m"), "depth_m": _("Depth, m"), "height_m": _("Height, m"),
    "x_m": _("From the left wall, m"), "y_m": _("From the near wall, m"),
    "site_x_m": _("From the left edge of the site, m"), "site_y_m": _("From the upper edge of the site, m"),
    "area_m2": _("Area, m²"), "area_wanted_m2": _("Area wanted, m²"), "power_kw": _("Power, kW"),
    "load_kg_m2": _("Load of the floor, kg/m²"), "pavilion": _("Pavilion"), "held_until": _("Held until"),
    "meetings_minimum": _("Meetings at least"), "meetings_maximum": _("Meetings at most"),
    "meeting_minutes": _("Length of a meeting, minutes"), "meeting_tables": _("Meeting tables"),
    "booth_events_maximum": _("Events at a booth at most"), "publishes_at_once": _("Offers are published at once"),
    "branding": _("Look"), "fictional": _("Invented"), "country_groups": _("Country groups"),
    "session": _("Session"), "host_person": _("Person of the host"), "guest_person": _("Person of the guest"),
    "focus": _("What must stay in sight"), "media_type": _("Kind of file"), "file_name": _("File"),
    "without_consent": _("Without consent"), "filters": _("Filters"), "is_active": _("May sign in"),
    "role": _("Role"), "scopes": _("May do"), "due_on": _("Due on"), "wants_file": _("Asks for a file"),
    "firm_name": _("Name of the firm"), "leader": _("Exhibitor"), "contact": _("Contacts"), "kinds": _("Kind"),
    "invited_at": pgettext_lazy("a participant", "Invited"), "invited_by": _("Asked by"), "phase": _("Phases"),
    "offered_at": pgettext_lazy("a contract", "Offered"), "offered_by": _("Made by"), "content": _("Text"),
    "chosen": pgettext_lazy("done", "Chosen"), "page": _("Pages"), "mails": _("Mails of a mailing"),
    "copied_from": pgettext_lazy("done", "Copied"), "stock_weeks": _("Time to survive with the stocks at hand"),
    "volume": _("Quantity"), "uploaded_at": _("Entered on"), "uploaded_by": _("Made by"), "badge": _("Badges"),
    "checked_at": _("Checked"), "checked_by": _("Checked by an organiser"), "checked_how": _("How it was checked"),
    "joined_at": pgettext_lazy("done", "Joined"), "refused_at": pgettext_lazy("done", "Declined"),
    "revoked_at": pgettext_lazy("done", "Revoked"), "printed_at": pgettext_lazy("done", "Printed"),
    "released_at": _("Published on"), "started_at": _("Begins"), "launch_at": _("Launch on"),
    "capacity_period": _("Capacity in"), "budget_low": _("Budget from"), "budget_high": _("Budget to"),
    "price_low": _("Price from"), "price_high": _("Price to"), "lead_time_days": _("Lead time, in days"),
    "delivery_place": _("Place of delivery"),
    "seconds": _("Seconds each"), "rank": _("Rank"), "locked": _("Fixed"), "proxy_since": _("Spoken for since"),
}
"""Name of a field -> its title."""

ACTIONS: Mapping[str, Promise] = {
    name: title
    for title, names in (
        (pgettext_lazy("done", "Added"), "added party_added member_added"),
        (pgettext_lazy("done", "Made"), "made created drafted"),
        (pgettext_lazy("done", "Changed"), "changed set corrected amended"),
        (pgettext_lazy("done", "Saved"), "kept stored part_kept"),
        (pgettext_lazy("done", "Removed"), "removed deleted dropped"),
        (pgettext_lazy("done", "Withdrawn"), "withdrawn taken_back"),
        (pgettext_lazy("done", "Published"), "published released"),
        (pgettext_lazy("done", "Ended"), "ended closed"),
        (pgettext_lazy("done", "Decided"), "decided judged"),
        (pgettext_lazy("done", "Asked"), "asked"),
        (pgettext_lazy("done", "Stated"), "said stated declared"),
        (pgettext_lazy("done", "Reminded"), "reminded"),
        (pgettext_lazy("done", "Invited"), "invited"),
        (pgettext_lazy("done", "Accepted"), "accepted agreed"),
        (pgettext_lazy("done", "Declined"), "declined refused denied"),
        (pgettext_lazy("done", "Proposed"), "proposed offered countered"),
        (pgettext_lazy("done", "Opened"), "opened reopened begun"),
        (pgettext_lazy("done", "Joined"), "joined rejoined"),
        (pgettext_lazy("done", "Given"), "given"),
        (pgettext_lazy("done", "Confirmed"), "confirmed checked verified"),
        (pgettext_lazy("done", "Undone"), "undone restored"),
        (pgettext_lazy("done", "Signed"), "signed signed_on_paper"),
        (pgettext_lazy("done", "Planned"), "planned"),
        (pgettext_lazy("done", "Moved"), "moved relocated"),
        (pgettext_lazy("done", "Granted"), "granted"),
        (pgettext_lazy("done", "Discarded"), "discarded"),
        (pgettext_lazy("done", "Chosen"), "chosen"),
        (pgettext_lazy("done", "Cancelled"), "cancelled"),
        (pgettext_lazy("done", "Applied"), "applied"),
        (pgettext_lazy("done", "Answered"), "answered"),
        (pgettext_lazy("done", "Submitted"), "submitted"),
        (pgettext_lazy("done", "Sent"), "sent"),
        (pgettext_lazy("done", "Renamed"), "renamed"),
        (pgettext_lazy("done", "Merged"), "merged"),
        (pgettext_lazy("done", "Registered"), "registered"),
        (pgettext_lazy("done", "Expired"), "expired"),
        (pgettext_lazy("done", "Revoked"), "revoked"),
        (pgettext_lazy("done", "Reviewed"), "reviewed"),
        (pgettext_lazy("done", "Masked"), "masked erased forgotten"),
        (pgettext_lazy("done", "Disputed"), "disputed"),
        (pgettext_lazy("done", "Arrived"), "arrived"),
        (pgettext_lazy("done", "Printed"), "printed"),
        (pgettext_lazy("done", "Fixed"), "locked"),
        (pgettext_lazy("done", "Copied"), "copied cloned"),
    )
    for name in names.split()
}
"""The last word of an action -> what was done."""
# fmt: on
