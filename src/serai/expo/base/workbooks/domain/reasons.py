"""Why a row or a cell was not taken as it is: a sentence for each code, which says what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, str | Promise] = {
    # Of a cell
    "cell_error": _("the cell holds an error of a formula. Correct the formula or write the value."),
    "too_long": _("the text is longer than %(most)s characters. Shorten it."),
    "item_too_long": _("an item is longer than %(most)s characters. Put a semicolon between items."),
    "too_many": _("there are more than %(most)s. Keep the most important."),
    "out_of_range": _("this is not between %(least)s and %(most)s. Correct it."),
    "unknown_choice": _("this is not one of the choices. Write one of: %(known)s."),
    "unknown_country": _("no country or region has this name. Write its name or its ISO code, such as China or CN."),
    "not_a_website": _("this is no address of a website. Write it as in https://example.com."),
    "not_a_year": _("this is no year up to %(this_year)s. Write four digits."),
    "not_an_area": _("this is no area. Write the square metres as a number."),
    "not_a_size": _("this is no size. Write micro, small, medium or large, or the number of employees."),
    "not_yes_or_no": _("this is neither yes nor no. Write one of them."),
    "unknown_language": _("no language is known by this name. Write its code, such as zh, en or ar."),
    "wrong_identifier": _("this is no identifier of Serai: a character is wrong. Copy it anew or leave it empty."),
    "wrong_check_digit": _("a character of this number is wrong: its check does not come out. Copy it anew."),
    "unknown_kind": _("nobody takes part as this. Write exhibitor, co-exhibitor, buyer, delegation, service or press."),
    "unknown_hs": _("the Harmonized System (HS 2022) has no %(codes)s. Write codes of 2, 4 or 6 digits."),
    "unknown_isic": _("ISIC Rev. 4 has no %(codes)s. Write its codes, such as 2720."),
    "unknown_cpc": _("CPC 2.1 has no %(codes)s. Write its codes, such as 46410."),
    "unknown_ownership": _(
        "no form of ownership has this name. Write private, family, state, listed, foreign, joint venture, cooperative,"
        " public body or non-profit."
    ),
    "not_employees": _("this is no number of employees. Write a number, or a band such as 50-249."),
    "not_a_turnover": _("this is no turnover. Write millions of US dollars as a number, or a band such as 10-50."),
    "not_a_share": _("this is no share. Write the per cent with their sign, or a band such as 25-50."),
    "not_a_number": _("this is no number. Write digits only; the unit stands in the title."),
    "not_a_lead_time": _("this is no lead time. Write a number of days, or of weeks or months with the word."),
    "not_ungm": _("this is no UNGM number. Write its four to ten digits."),
    "unknown_countries": _("no country or region has the name %(unknown)s. Write its name or its ISO code."),
    "unknown_languages": _("no language is known as %(unknown)s. Write its name or its code."),
    "unknown_incoterms": _(
        "Incoterms 2020 have no %(unknown)s. Write EXW, FCA, FAS, FOB, CFR, CIF, CPT, CIP, DAP, DPU or DDP."
    ),
    "unreadable_plants": _(
        "this plant cannot be read: %(unknown)s. Write country | place | process | capacity with its unit | year."
    ),
    "unreadable_certificates": _(
        "this certificate cannot be read: %(unknown)s. Write scheme | number | body | valid from | valid until, the"
        " days as 2027-06-30."
    ),
    "not_a_mail": _("this is no mail address: %(unknown)s. Write it as in name@example.com."),
    "not_a_day": _("this is no day. Write it as in 2026-11-28."),
    "phone_unsure": _(
        "%(written)s may be several numbers, so it is kept as it is written. Write it with the prefix of its country,"
        " such as +49 30 123456."
    ),
    "phone_not_in_use": _(
        "%(written)s is no number that can be called, so it is kept as it is written. Check its digits."
    ),
    "phone_rounded": _(
        "the spreadsheet has rounded the number %(written)s. Format the column as text and type it anew."
    ),
    "not_a_budget": _("this is no amount. Write it as in 500000 EUR."),
    "budget_without_currency": _("the amount has no currency. Write it as in 500000 EUR."),
    "visit_of_no_buyer": _("only buyers and delegations say this, and the firm takes part as another."),
    "leaves_before_arriving": _("the day of departure is before the day of arrival."),
    "delegation_without_person": _("the row names no person who is in the delegation."),
    "no_phone": _("%(written)s is no telephone number."),
    "more_phones": _("there are %(more)s numbers more than persons, and those are not kept."),
    "contact_without_person": _("the row names no person, mail address or phone that this belongs to."),
    "unknown_node": _("the chains of this fair have no node %(unknown)s. Write its title or its code, as chain/code."),
    "unknown_parent": _("no firm of this fair has this name or identifier. Import it first or correct the name."),
    "itself_as_parent": _("a firm cannot be its own parent. Write the firm that owns it."),
    "unknown_package": _("this fair has no such package. It has: %(known)s."),
    "unknown_section": _("this fair has no such section. It has: %(known)s."),
    "unknown_lead": _("no exhibitor of this fair has this name or identifier. Import it first or correct the name."),
    "itself_as_lead": _("a firm cannot be its own co-exhibitor. Write the exhibitor at whose stand it is."),
    "booth_without_hall": _("the booth needs a hall, since the fair has several. Fill the column of the hall."),
    "halls_and_booths_differ": _("there are %(booths)s booths and %(halls)s halls. Write one hall, or one for each."),
    "cancelled": _(
        "the firm's participation was cancelled. It stays so and gets no booth; undo it on the page of the participant."
    ),
    "day_of_two_meanings": _("this may be two days. Write the month as a word, or as in 2026-11-28."),
    "not_measures": _("these are no measures. Write width and depth in metres, as in 6 x 3."),
    "drawn_by_area": _("only the area is known, so that it is drawn as %(width)s × %(depth)s m."),
    "other_area": _("width and depth make %(area)s m², and they are kept."),
    "other_currency": _("prices of booths are in %(currency)s by the terms of exhibiting, so this price is not taken."),
    "no_currency_of_terms": _(
        "the price is kept. Its currency comes from the terms of exhibiting: write %(currency)s there."
    ),
    "no_such_exhibitor": _(
        "no exhibitor of this fair is called %(name)s. Import it first, or write its name as there."
    ),
    "booth_of_another": _("%(name)s has this booth. Free it first, then send the list again."),
    "booth_overlaps": _("it overlaps booth %(other)s on the plan. Correct the place or the size of one of them."),
    "no_place_on_plan": _("the hall has no room left for it in rows, so it has no place on the plan yet."),
    "not_an_amount": _("this is no amount. Write it as in 200000 EUR, or from and to: 100000-200000 EUR."),
    "not_a_currency": _("no currency is known by this. Write its code of three letters, such as EUR."),
    "unknown_unit": _("no unit is known by this word. Write a usual one, such as kg, t, m² or pieces."),
    "not_a_time": _("this is no time. Write it as in 10:30, or from and to: 10:30-11:15."),
    "not_a_length": _("this is no length. Write the minutes as a number."),
    "session_conflict": _("%(sentence)s"),
    "would_be_cancelled": _(
        "the programme read before held this session, and this file cancels or lacks it. It would be cancelled, and"
        " those concerned told. To keep it, put it into the file, or leave the import unapplied."
    ),
    "own_no_number": _("this is no number, unlike the rest of the column. It is kept as a text."),
    "own_no_date": _("this is no day, unlike the rest of the column. It is kept as a text."),
    "said_before": _("row %(first)s says something else of the same firm, and that is kept. Make the rows agree."),
    # Of a row
    "same_need_as_row": _("The same need as in row %(first)s."),
    "no_booth": _("The row names no booth. Write its code, or delete the row."),
    "no_hall": _("The booth needs a hall, since the fair has several. Fill the column of the hall."),
    "same_booth_as_row": _("The same booth as in row %(first)s, which counts. Delete one of them."),
    "no_pair": _("The row does not say who wishes to meet whom. Fill both, or delete the row."),
    "no_such_wished": _("Nobody of this name takes part whom they could meet. Import the firm first or correct it."),
    "may_not_wish": _("Two participants of this kind do not know of each other at the fair, so they can't meet."),
    "rules_forbid_wish": _("The rules of who may meet whom do not allow it. Change the rules, or delete the row."),
    "veto_of_meeting": _("The two have a meeting or a request to answer. End that first; then nothing overrides this."),
    "no_title": _("The row has no title. Fill the title, or delete the row."),
    "no_day": _("The row has no day, and no row above says one. Fill it in."),
    "no_time": _("The row does not say when it begins. Fill it in."),
    "no_end": _("The row does not say when it ends. Fill the end or the length."),
    "ends_before_it_begins": _("It ends before it begins. Correct the times."),
    "day_of_rows_below": _("The day of the rows below."),
    "same_session_as_row": _("The same session as in row %(first)s."),
    "no_name": _("The row has no name. Fill the name, or delete the row."),
    "no_country": _("The row has no country or region. Fill it in."),
    "unreadable_cell": _("A cell that decides what becomes of the row cannot be read."),
    "too_many_cells": _(
        "The row has %(cells)s cells and the header %(columns)s. A text with a separator in it lacks its quotation"
        " marks, or a column has no header."
    ),
    "header_again": _("The row repeats the header. Delete it."),
    "example": _("This is the example of the template. Delete it."),
    "unknown_identifier": _("No firm has the identifier %(identifier)s. Correct it, or leave it empty for a new firm."),
    "no_firm_named": _("The row names no firm. Write its name or its identifier."),
    "no_contact": _("The row names no person, no mail address and no phone."),
    "no_such_participant": _(
        "No participant of this fair has this name or identifier. Import the firm first, or write its name as there;"
        " then send this list again."
    ),
    "like_participant": _("A participant has a name like it. Choose whether it is this firm."),
    "several_participants": _("More than one participant has this name. Choose which it is."),
    "left_out": _("Left out by your choice."),
    "same_firm": _("The same firm by your choice."),
    "new_firm": _("A new firm by your choice."),
    "similar_name": _("A known firm has a name like it. Choose whether it is the same firm."),
    "same_name": _("More than one known firm has this name, or its numbers are others. Choose which it is."),
    "similar_row": _("Row %(first)s has a name like it. Choose whether it is the same firm."),
    "like_known": _("Name and address are nearly those of a known firm, so the row is taken for it."),
    "same_as_row": _("The same firm as in row %(first)s."),
}

UNDERSTOOD = frozenset({
    "said_before", "session_conflict", "drawn_by_area", "other_area", "no_currency_of_terms", "booth_of_another",
    "booth_overlaps", "no_place_on_plan", "cancelled",
    "would_be_cancelled",
})  # fmt: skip
"""Reasons of notes on cells that were read all the same."""


def sentence(code: str, details: Mapping[str, Any]) -> str:
    """What a code says of a row, in the reader's language."""
    return str(REASONS[code]) % details if code else ""


def note_sentence(note: Mapping[str, Any]) -> str:
    """What a note says of a cell: where it is, what it holds, what is wrong and what to do."""
    return gettext("Column %(column)s (%(header)s), “%(cell)s”: %(why)s") % {
        **note,
        "why": sentence(note["reason"], note),
    }
