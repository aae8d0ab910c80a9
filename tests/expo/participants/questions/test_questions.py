"""Questions of the organiser's own: written, asked at registration, answered, changed until a day, forgotten."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.export_tables import tables
from serai.expo.fairs.edition.domain.clone import clone_edition
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.exhibitors.domain.application import apply
from serai.expo.participants.participation.domain.applications import apply_as
from serai.expo.participants.questions.domain.answers import (
    AnswerRefusedError,
    answered_by,
    check,
    keep_answers,
    unanswered,
    words_of,
)
from serai.expo.participants.questions.domain.questions import (
    QuestionRefusedError,
    asked_of,
    choices_from,
    keep_question,
    open_again,
    take_away,
)
from serai.expo.participants.questions.hooks import forget_answers
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.people.account.domain.privacy import erase, export_of
from serai.expo.people.account.models import User
from serai.expo.results.exports.domain.archive import take
from serai.expo.results.exports.domain.formats import FORMATS

type Asks = Callable[..., RegistrationQuestion]
VISITS = [
    {"key": "1", "title": {"en": "A plant", "fr": "Une usine"}},
    {"key": "2", "title": {"en": "A port", "fr": "Un port"}},
]


@pytest.fixture
def asks(edition: Edition) -> Asks:
    def make(title: str = "Do you bring machines?", form: str = "text", **fields: Any) -> RegistrationQuestion:
        given: dict[str, Any] = {"kinds": ["exhibitor"], "title": {"en": title}, "form": form}
        given["change_until"] = timezone.localdate() + timedelta(days=30)
        return RegistrationQuestion.objects.create(edition=edition, **(given | fields))

    with scope(edition=edition):
        yield make


@pytest.mark.parametrize(
    ("form", "good", "kept", "bad"),
    [
        ("text", " two ", "two", 5),
        ("text", "x" * 300, "x" * 300, "x" * 301),
        ("long", "line\nline", "line\nline", "x" * 4001),
        ("number", "2.50", 2.5, "many"),
        ("number", 3.0, 3, "nan"),
        ("date", "2026-11-28", "2026-11-28", "28.11."),
        ("yes_no", False, False, "perhaps"),
        ("choice", "2", "2", "3"),
        ("choices", ["2", "1", "2"], ["1", "2"], ["1", "3"]),
    ],
)
def test_an_answer_is_kept_as_its_question_asks_and_refused_in_a_sentence(
    asks: Asks, form: str, good: Any, kept: Any, bad: Any
) -> None:
    question = asks(form=form, choices=VISITS)
    assert check(question, good) == kept
    with pytest.raises(AnswerRefusedError, match="Do you bring machines") as refused:
        check(question, bad)
    assert str(refused.value).endswith(".")
    assert check(question, "") is None


def test_choices_are_written_a_line_each_and_keep_their_keys() -> None:
    made = choices_from({"en": "A plant\nA port", "fr": "Une usine\nUn port\n"}, [])
    assert made == VISITS
    renamed = choices_from({"en": "A factory\nA port"}, made)
    assert [one["key"] for one in renamed] == ["1", "2"]  # worded anew, and the same
    turned = choices_from({"en": "A port\nA farm\nA plant"}, made)
    assert [one["key"] for one in turned] == ["2", "3", "1"]
    assert [one["key"] for one in choices_from({"en": "A port"}, made)] == ["2"]
    with pytest.raises(QuestionRefusedError, match="English has 2 choices and français has 1"):
        choices_from({"en": "A\nB", "fr": "A"}, [])
    with pytest.raises(QuestionRefusedError, match="stands twice"):
        choices_from({"en": "A\nA"}, [])


def test_what_answers_mean_stays(asks: Asks, desk: Participation, owner: User, organiser: User) -> None:
    question = asks(form="choice", choices=VISITS)
    keep_answers(desk, {question.pk: "1"}, user=owner)
    question.choices = [{"key": "1", "title": {"en": "A factory"}}, {"key": "3", "title": {"en": "A farm"}}]
    keep_question(question, user=organiser)  # nobody chose the port
    assert answered_by(desk)[0].words == "A factory"
    question.choices = VISITS[1:] + question.choices[1:]
    with pytest.raises(QuestionRefusedError, match="'A factory' has been chosen"):
        keep_question(question, user=organiser)
    question.refresh_from_db()
    question.form = "text"
    with pytest.raises(QuestionRefusedError, match="how it is answered stays"):
        keep_question(question, user=organiser)
    question.refresh_from_db()
    question.personal = True
    with pytest.raises(QuestionRefusedError, match="of a person"):
        keep_question(question, user=organiser)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"title": {}}, "at least one language"), ({"kinds": []}, "who is asked"), ({"form": "choice"}, "two choices")],
)
def test_a_question_that_cannot_be_asked_is_refused(
    asks: Asks, edition: Edition, organiser: User, fields: dict[str, Any], why: str
) -> None:
    question = RegistrationQuestion(edition=edition, **({"kinds": ["buyer"], "title": {"en": "What?"}} | fields))
    with pytest.raises(QuestionRefusedError, match=why):
        keep_question(question, user=organiser)
    assert not RegistrationQuestion.objects.exists()


def test_a_question_with_answers_is_closed_and_not_deleted(
    asks: Asks, desk: Participation, owner: User, organiser: User
) -> None:
    question, other = asks(required=True), asks("Nobody answered this")
    keep_answers(desk, {question.pk: "two"}, user=owner)
    assert take_away(other, user=organiser)
    assert not take_away(question, user=organiser)
    assert asked_of(desk.edition, "exhibitor") == []
    assert [one.words for one in answered_by(desk)] == ["two"]
    with pytest.raises(AssertionError):
        assert keep_answers(desk, {question.pk: "three"}, user=owner)  # it is asked no more
    open_again(question, user=organiser)
    assert asked_of(desk.edition, "exhibitor") == [question]


def test_an_application_without_a_required_answer_is_refused_whole(
    asks: Asks, edition: Edition, firm: Firm, owner: User
) -> None:
    machines, visits = asks(required=True, form="yes_no"), asks("Which visits?", kinds=["press"], required=True)
    with pytest.raises(AnswerRefusedError, match="An answer is missing: Do you bring machines"):
        apply(edition, firm, kind="exhibitor", user=owner)
    assert not Participation.objects.exists()
    made = apply(edition, firm, kind="exhibitor", user=owner, answers={machines.pk: False, visits.pk: "not asked"})
    assert {one.question: one.value for one in RegistrationAnswer.objects.all()} == {machines: False}
    assert AuditEntry.objects.filter(action="answer.kept", user=owner).count() == 1
    given = {"medium": "print", "people": 2, "card": "17", "work": "Chains"}
    with pytest.raises(AnswerRefusedError, match="Which visits"):
        apply_as(edition, firm, "press", given, user=owner)
    press = apply_as(edition, firm, "press", given, own_answers={visits.pk: "A port"}, user=owner)
    assert unanswered(press) == unanswered(made) == []


def test_the_forms_of_registration_ask_and_show_what_is_missing(
    asks: Asks, edition: Edition, firm: Firm, owner_client: Client, organiser_client: Client
) -> None:
    machines = asks(form="yes_no", required=True, help={"en": "The crane is booked by the day."})
    service = asks("Which tools?", kinds=["service"], required=True)
    visits = asks("Which visits?", "choices", kinds=["buyer"], required=True, choices=VISITS)
    day = asks("Which day?", "date", kinds=["press"])
    name = f"question-{machines.pk}"
    apply_page, buyer_page = f"/en/{edition.slug}/desk/apply/", f"/en/{edition.slug}/buyer/register/"
    shown = owner_client.get(apply_page).text
    assert "The crane is booked by the day." in shown
    assert "Which tools?" in shown
    sent = {"firm": str(firm.pk), "kind": "exhibitor"}
    refused = owner_client.post(apply_page, sent)
    assert refused.status_code == 400
    assert "An answer is missing: Do you bring machines?" in refused.text
    assert not Participation.objects.exists()
    assert owner_client.post(apply_page, sent | {name: "no", f"question-{service.pk}": "none"}).status_code == 302
    assert owner_client.post(buyer_page, {"firm": str(firm.pk), "purpose": "own_use"}).status_code in {200, 400}
    assert not Vetting.objects.exists()
    owner_client.post(buyer_page, {"firm": str(firm.pk), "purpose": "own_use", f"question-{visits.pk}": ["1", "2"]})
    press = {"firm": str(firm.pk), "medium": "print", "people": "2", "card": "17", "work": "Chains"}
    owner_client.post(f"/en/{edition.slug}/apply/press/", press | {f"question-{day.pk}": "2026-11-27"})
    assert {one.question: one.value for one in RegistrationAnswer.objects.all()} == {
        machines: False,
        visits: ["1", "2"],
        day: "2026-11-27",
    }
    queue = organiser_client.get(f"/en/{edition.slug}/organiser/applications/").text
    assert "Do you bring machines?" in queue
    assert "A plant · A port" in organiser_client.get(f"/en/{edition.slug}/organiser/buyers/").text
    assert "Which day?" in owner_client.get(f"/en/{edition.slug}/apply/mine/").text


def test_answers_are_changed_on_the_desk_until_the_day_set(
    asks: Asks, desk: Participation, owner_client: Client, organiser_client: Client, address: str
) -> None:
    today = timezone.localdate()
    soon = asks(form="number", required=True, change_until=today + timedelta(days=9))
    past = asks("How many people?", change_until=today - timedelta(days=9))
    page = f"/en/{desk.edition.slug}/participations/{desk.pk}/answers/"
    assert "1 question of the organiser waits for your answer." in owner_client.get(address).text
    assert "How many people?" not in owner_client.get(page).text
    assert owner_client.post(page, {f"question-{soon.pk}": "many"}).status_code == 400
    assert owner_client.post(page, {f"question-{soon.pk}": "7", f"question-{past.pk}": "5"}).status_code == 302
    assert [one.value for one in RegistrationAnswer.objects.all()] == [7]
    assert "waits for your answer" not in owner_client.get(address).text
    organiser_client.post(page, {f"question-{soon.pk}": "8", f"question-{past.pk}": "5"})
    assert {one.question: one.value for one in RegistrationAnswer.objects.all()} == {soon: 8, past: "5"}
    assert "How many people?" in owner_client.get(page).text
    with pytest.raises(AnswerRefusedError, match="can't be changed any more"):
        keep_answers(desk, {past.pk: "6"}, user=User.objects.get(email="owner@example.org"))


def test_the_organiser_writes_a_question_and_reads_the_answers(
    asks: Asks, edition: Edition, desk: Participation, owner: User, organiser_client: Client
) -> None:
    new = f"/en/{edition.slug}/organiser/questions/new/"
    sent = {
        "title_en": "Which visits?",
        "form": "choices",
        "kinds": ["exhibitor", "buyer"],
        "order": "1",
        "choices_en": "A plant\r\nA port",
    }
    languages = organiser_client.get(new).text
    assert "title_en" in languages
    assert organiser_client.post(new, sent | {"choices_en": "A plant"}).status_code == 400
    assert organiser_client.post(new, sent).status_code == 302
    question = RegistrationQuestion.objects.get()
    assert [one["key"] for one in question.choices] == ["1", "2"]
    keep_answers(desk, {question.pk: ["2"]}, user=owner)
    page = f"/en/{edition.slug}/organiser/questions/{question.pk}/"
    assert "Owned Materials" in organiser_client.get(f"{page}answers/?answer=2").text
    assert "Owned Materials" not in organiser_client.get(f"{page}answers/?answer=1").text
    assert (
        "Which visits?" in organiser_client.get(f"/en/{edition.slug}/organiser/timetable/participants/{desk.pk}/").text
    )
    organiser_client.post(page, {"remove": "1"})
    question.refresh_from_db()
    assert question.closed_at is not None
    assert "closed" in organiser_client.get(page).text
    organiser_client.post(page, {"open": "1"})
    question.refresh_from_db()
    assert question.closed_at is None


def test_answers_are_taken_as_a_table_with_a_column_a_question(
    asks: Asks, edition: Edition, desk: Participation, owner: User, organiser: User
) -> None:
    visits, machines = asks("Which visits?", "choices", choices=VISITS), asks(form="number")
    keep_answers(desk, {visits.pk: ["1", "2"], machines.pk: 3}, user=owner)
    pieces = take(tables()["registration-answers"], FORMATS["json"], edition, {"kind": "exhibitor"}, user=organiser)
    (row,) = json.loads(b"".join(pieces))
    assert row[f"{visits.pk} Which visits?"] == "A plant · A port"
    assert row[f"{machines.pk} Do you bring machines?"] == 3
    for ending in ("csv", "xlsx"):
        assert b"".join(take(tables()["registration-answers"], FORMATS[ending], edition, {}, user=organiser))


def test_an_answer_of_a_person_goes_with_the_person_and_others_stay_without_the_name(
    asks: Asks, edition: Edition, desk: Participation, owner: User, organiser: User
) -> None:
    meals, machines = asks("What do you not eat?", personal=True), asks()
    keep_answers(desk, {meals.pk: "Nuts", machines.pk: "two"}, user=owner)
    found = export_of(owner)
    assert [row["value"] for row in found["registrationanswer.user"]] == ["Nuts"]
    assert [row["value"] for row in found["registrationanswer.answered_by"]] == ["Nuts", "two"]
    keep_answers(desk, {meals.pk: "Nuts and fish"}, user=organiser)
    assert RegistrationAnswer.objects.get(question=meals).user == owner
    erase(owner)
    assert [(one.question, one.answered_by) for one in RegistrationAnswer.objects.all()] == [(machines, None)]
    assert "Nuts" not in json.dumps(list(AuditEntry.objects.values_list("before", "after")))


def test_answers_of_persons_are_forgotten_after_the_fair(
    asks: Asks, edition: Edition, desk: Participation, owner: User
) -> None:
    meals, machines = asks("What do you not eat?", personal=True), asks()
    keep_answers(desk, {meals.pk: "Nuts", machines.pk: "two"}, user=owner)
    assert forget_answers(edition) == 1
    assert [one.question for one in RegistrationAnswer.objects.all()] == [machines]
    assert "Nuts" not in json.dumps(list(AuditEntry.objects.values_list("before", "after")))


def test_a_clone_asks_the_open_questions_again(
    asks: Asks, edition: Edition, desk: Participation, owner: User, organiser: User
) -> None:
    kept = asks(change_until=edition.starts_on - timedelta(days=10))
    keep_answers(desk, {kept.pk: "two"}, user=organiser)
    asks("Closed", closed_at=timezone.now())
    new = Edition(
        organisation=edition.organisation,
        slug="next",
        name={"en": "Next"},
        country="CN",
        starts_on=edition.starts_on + timedelta(days=365),
        ends_on=edition.ends_on + timedelta(days=365),
    )
    made = clone_edition(edition, new, ["questions"], user=organiser).edition
    with scope(edition=made):
        (again,) = RegistrationQuestion.objects.filter(edition=made)
        assert (again.title, again.change_until) == (kept.title, new.starts_on - timedelta(days=10))
        assert not RegistrationAnswer.objects.filter(edition=made).exists()


def test_words_of_an_answer_follow_the_reader(asks: Asks) -> None:
    question = asks(form="choices", choices=VISITS)
    assert words_of(question, ["1", "2"], "fr") == "Une usine · Un port"
    assert words_of(asks(form="yes_no"), False) == "No"
    assert words_of(question, None) == ""


@pytest.mark.parametrize("page", ["organiser/questions/", "organiser/questions/{first}/answers/", "apply/mine/"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(
    asks: Asks,
    edition: Edition,
    take_part: Callable[..., Participation],
    firm: Firm,
    owner: User,
    organiser_client: Client,
    owner_client: Client,
    page: str,
) -> None:
    client = owner_client if page.startswith("apply") else organiser_client
    counts, first = [], None
    kinds = ("exhibitor", "buyer", "press")
    for number in range(3):
        question = asks(f"Question {number}", kinds=list(kinds))
        first = first or question
        one = take_part(edition, firm, kind=kinds[number])
        keep_answers(one, {first.pk: "two", question.pk: "two"}, user=owner)
        if number in (0, 2):
            address = f"/en/{edition.slug}/{page.format(first=first.pk)}"
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1]
