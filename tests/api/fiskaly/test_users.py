"""Users of an organization: invited by mail, listed, removed from it and from nowhere else."""

from uuid import UUID

import pytest
from django.core import mail as outbox

from tenants.models import Event, Invitation, Membership, User
from tenants.services import mails, people
from tests.api.fiskaly.conftest import PASSWORD, make_user, opened_by, sign_in
from tests.conftest import SYSTEM

INES = {"email": "ines@example.com", "first_name": "Ines", "last_name": "Huber"}


@pytest.fixture
def users(bakery):
    return f"/organizations/{bakery.pk}/users"


@pytest.fixture
def ines(fis, users):
    answer = fis.post(users, INES)
    assert answer.status_code == 200, answer.content
    return answer.json()


def emails(answer):
    assert answer.status_code == 200, answer.content
    return [row["email"] for row in answer.json()["data"]]


def test_who_is_invited_is_a_user_of_the_list(fis, users, ines):
    """FIS-46, FIS-47."""
    assert set(ines) == {"_id", "_type", "_envs", "email", "first_name", "last_name"}
    assert {name: ines[name] for name in INES} == INES and ines["_type"] == "USER"
    assert UUID(ines["_id"]) and ines["_envs"] == ["TEST", "LIVE"]
    body = fis.get(users).json()
    assert body == {"data": [ines], "count": 1, "_type": "USER_LIST"}


def test_names_are_optional(fis, users):
    answer = fis.post(users, {"email": "x@example.com", "first_name": None})
    assert answer.json()["first_name"] is answer.json()["last_name"] is None


def test_the_invited_get_a_mail_keep_their_id_and_enter_that_organization_only(
    fis, users, ines, acme, bakery
):
    """FIS-70."""
    mails.drain()
    (letter,) = outbox.outbox
    assert letter.to == ["ines@example.com"] and "/invitations/" in letter.body
    token = people.token_of(Invitation.objects.get())
    people.accept_as_newcomer(token, password=PASSWORD, first_name="Ines", last_name="Huber")
    assert fis.get(users).json()["data"] == [ines]
    person = opened_by(User.objects.get(email="ines@example.com"))
    assert [row["name"] for row in person.get("/organizations").json()["data"]] == [bakery.name]
    assert person.get(f"/organizations/{acme.pk}").status_code == 404


def test_a_second_invitation_is_a_conflict(fis, users, ines, bakery):
    """FIS-48: in any case of letters, and for members too."""
    for email in ("ines@example.com", "INES@example.com"):
        answer = fis.post(users, {"email": email})
        assert (answer.status_code, answer["x-should-retry"]) == (409, "false")
    member = make_user("member@example.com", bakery)
    assert fis.post(users, {"email": member.email}).status_code == 409
    assert Invitation.objects.count() == 1


def test_the_same_person_may_be_invited_elsewhere(fis, ines, acme):
    """FIS-48."""
    assert fis.post(f"/organizations/{acme.pk}/users", INES).status_code == 200


@pytest.mark.parametrize(
    "email",
    [
        None,
        "",
        "ines",
        "ines@",
        "@example.com",
        "a b@example.com",
        5,
        [],
        {},
        True,
        "x" * 250 + "@example.com",
        "a@b@example.com",
        "ines@example.com\nBcc: x@y.example",
    ],
    ids=lambda email: repr(email)[:20],
)
def test_what_is_no_address_is_refused(fis, users, email):
    """FIS-49."""
    answer = fis.post(users, {**INES, "email": email})
    assert answer.status_code == 400 and not Invitation.objects.exists()


def test_an_address_is_required_and_names_are_bounded(fis, users):
    """FIS-49."""
    for body in (
        {},
        {"first_name": "x"},
        {**INES, "last_name": "x" * 151},
        {**INES, "first_name": 1},
    ):
        assert fis.post(users, body).status_code == 400


@pytest.fixture
def crowd(fis, users, bakery):
    """Two members and two who are invited."""
    for email, first, last in (("a@x.example", "Zoe", "Meier"), ("c@x.example", "Ann", "Meier")):
        user = User.objects.create_user(email, first_name=first, last_name=last)
        people.join(bakery, user, role="viewer", by=SYSTEM)
    for email, first, last in (("b@x.example", "Max", "Adler"), ("d@x.example", "Ann", "Zorn")):
        fis.post(users, {"email": email, "first_name": first, "last_name": last})


def letters(answer):
    return "".join(email[0] for email in emails(answer))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abcd"),
        ("order=desc", "dcba"),
        ("order_by=last_name&limit=1", "b"),
        ("limit=2&offset=1", "bc"),
        ("limit=2&offset=4", ""),
        ("limit=0", ""),
        ("email=b@x.example", "b"),
        ("email=B@X.example", "b"),
        ("email=z@x.example", ""),
        ("first_name=Ann", "cd"),
        ("first_name=ann&last_name=zorn", "d"),
        ("last_name=Meier", "ac"),
        ("email=&first_name=", "abcd"),
    ],
)
@pytest.mark.usefixtures("crowd")
def test_members_and_invited_are_sorted_and_paged_together(fis, users, query, expected):
    """FIS-46, FIS-50."""
    assert letters(fis.get(f"{users}?{query}")) == expected


@pytest.mark.parametrize("word", ["id", "email", "first_name", "last_name"])
def test_every_order_goes_both_ways(fis, users, crowd, word):
    """FIS-46."""
    up, down = (letters(fis.get(f"{users}?order_by={word}&order={o}")) for o in ("asc", "desc"))
    assert len(up) == 4 and up == down[::-1]
    assert fis.get(f"{users}?first_name=Ann&limit=1").json()["count"] == 2


@pytest.mark.parametrize(
    "query", ["limit=5001", "limit=-1", "order_by=name", "email=%00", "order=x"]
)
def test_a_query_that_makes_no_sense_is_refused(fis, users, query):
    assert fis.get(f"{users}?{query}").status_code == 400


@pytest.mark.parametrize("rows", [1, 12])
def test_a_list_takes_as_many_queries_however_long(fis, users, rows, costs):
    for n in range(rows):
        fis.post(users, {"email": f"{n}@x.example"})
    fis.get(users)
    with costs(5):  # the caller, the organization, rows, two counts
        fis.get(users)


def test_who_is_deleted_leaves_this_organization_only(fis, users, acme, bakery, robin):
    """FIS-51."""
    people.join(bakery, robin, role="viewer", by=SYSTEM)
    answer = fis.delete(f"{users}/{robin.pk}")
    assert (answer.status_code, answer.json()) == (200, {"_success": True})
    assert emails(fis.get(users)) == [] and fis.delete(f"{users}/{robin.pk}").status_code == 404
    assert emails(fis.get(f"/organizations/{acme.pk}/users")) == [robin.email]
    assert sign_in(email=robin.email, password=PASSWORD).status_code == 200


def test_an_invitation_is_taken_back(fis, users, ines):
    """FIS-51."""
    assert fis.delete(f"{users}/{ines['_id']}").json() == {"_success": True}
    assert emails(fis.get(users)) == []
    assert fis.post(users, INES).status_code == 200


def test_the_last_owner_stays(fis, acme, robin):
    answer = fis.delete(f"/organizations/{acme.pk}/users/{robin.pk}")
    assert (answer.status_code, answer.json()["code"]) == (403, "E_LAST_OWNER")
    assert Membership.objects.filter(user=robin).exists()


def test_an_expired_invitation_makes_way(fis, users, ines, time_machine):
    Invitation.objects.update(expires_at="2020-01-01T00:00Z")
    assert emails(fis.get(users)) == []
    assert fis.post(users, INES).status_code == 200


def test_a_viewer_invites_nobody(acme, bakery, users):
    viewer = opened_by(make_user("v@acme.example", acme, role="viewer"))
    before = Event.objects.count()
    assert viewer.get(users).status_code == 200
    assert viewer.post(users, INES).status_code == 403 and Event.objects.count() == before


def test_a_managed_organization_looks_after_its_own_users(bakery_fis, users, robin, acme):
    made = bakery_fis.post(users, INES)
    assert made.status_code == 200
    assert bakery_fis.get(f"/organizations/{acme.pk}/users").status_code == 404
    assert bakery_fis.delete(f"{users}/{robin.pk}").status_code == 404
    assert bakery_fis.delete(f"{users}/{made.json()['_id']}").status_code == 200
