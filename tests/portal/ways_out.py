"""The table of states: of every state machine, how a person gets a row out of each state.

    python -m tests.portal.ways_out

writes docs/contributing/states.md from it. A way out is an operation on a row's page, on either
site, in two clicks from the list: the row, the button. The tests hold it against the models and
the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "contributing" / "states.md"


@dataclass(frozen=True)
class Ways:
    """The ways out of a state: operations by site, and what programs and time do about it.

    `list:x` is an operation above the list, `settings:x` a page of settings. `final` says why
    there need be none. `facts` are what else a row has in that state.
    """

    portal: tuple[str, ...] = ()
    admin: tuple[str, ...] = ()
    api: str = ""
    itself: str = ""
    final: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def final(why: str, **ways: Any) -> Ways:
    return Ways(final=why, **ways)


_PARTICIPANT = "DELETE its participant or registration"
_AT_WORK = "the worker, with growing pauses"
_PUBLICATION = {
    "none": final("nothing is published of one that is not registered"),
    "pending": Ways(("unregister",), ("unregister",), itself=_AT_WORK),
    "published": final("as it should be"),
    "failed": Ways(("retry",), ("retry", "republish"), itself="the next change of the card"),
}

# (model, column): the ways out of each of its states.
TABLE: dict[tuple[str, str], dict[str, Ways]] = {
    ("tenants.Organization", "status"): {
        "pending": Ways(("suspend", "offboard"), ("activate", "refuse", "suspend", "close")),
        "active": Ways(("suspend", "offboard"), ("suspend", "close"), "suspend or close it"),
        "suspended": Ways(("reactivate", "offboard"), ("reactivate", "close"), "reactivate it"),
        "closed": final("closing is for good; what it has stays to be read"),
    },
    ("tenants.PlatformApplication", "state"): {
        "submitted": Ways(admin=("approve", "ask_back", "reject")),
        "info_requested": Ways(("settings:platform",), ("reject",), "apply again"),
        "rejected": final("it can be handed in again", portal=("settings:platform",)),
        "approved": final("the business is a platform"),
    },
    ("tenants.CustomDomain", "state"): {
        "pending": Ways(("settings:domain",), ("look_again", "release"), "set or clear the domain"),
        "active": Ways(("settings:domain",), ("release",), "set or clear the domain"),
        "failing": Ways(
            ("settings:domain",), ("look_again", "release"), itself="DNS, looked at hourly"
        ),
        "released": final("the name is free"),
    },
    ("tenants.Mail", "state"): {
        "pending": Ways(admin=("drop",), itself="the worker; after six tries it has failed"),
        "failed": Ways(admin=("send_again",)),
        "sent": final("it is out"),
        "dropped": final("nobody wants it any more"),
    },
    ("tenants.Invitation", "state"): {
        "open": Ways(("remind", "withdraw"), facts={"expires_in": 1}),
        "expired": Ways(("remind", "withdraw"), facts={"expires_in": -1}),
        "accepted": final("it became a membership"),
        "withdrawn": final("its link opens nothing"),
    },
    ("apikeys.ApiKey", "state"): {
        "active": Ways(("rotate", "disable", "revoke"), ("disable", "revoke"), "revoke it"),
        "disabled": Ways(
            ("enable", "revoke"), ("enable", "revoke"), "revoke it", facts={"disabled": True}
        ),
        "expired": Ways(("rotate", "revoke"), ("revoke",), "revoke it", facts={"expires_in": -1}),
        "revoked": final("revoking is for good"),
    },
    ("webhooks.Endpoint", "status"): {
        "active": Ways(("disable", "delete"), ("disable",), "disable or delete it"),
        "disabled": Ways(("enable", "delete"), ("enable",), "enable or delete it"),
    },
    ("webhooks.Delivery", "state"): {
        "pending": Ways(("send_again",), itself="the sender, over three days"),
        "sending": final("for seconds; a sender that dies loses its claim"),
        "exhausted": Ways(("send_again",), api="send it again"),
        "missed": Ways(("send_again",), api="send it again"),
        "delivered": final("it has arrived", portal=("send_again",)),
    },
    ("peppol.BulkOperation", "state"): {
        "running": Ways(admin=("pause", "cancel"), itself="the worker"),
        "paused": Ways(admin=("go_on", "cancel")),
        "done": final("what it found is repaired row by row"),
        "cancelled": final("another one can be begun"),
    },
    ("peppol.BulkResult", "state"): {
        "pending": final("its registration's publication is tried, and says so"),
        "done": final("it was read back"),
        "noted": final("it is published with its registration"),
        "failed": final("its registration is tried again"),
    },
    ("peppol.CompanyRun", "state"): {
        "chosen": Ways(("start",), itself="it is forgotten when nobody starts it"),
        "running": Ways(("stop",), itself="the worker"),
        "stopped": Ways(("go_on",)),
        "done": final("what failed can be tried again", portal=()),
    },
    ("peppol.CompanyRunLine", "state"): {
        name: final("a company is done, left out or tried again with its run")
        for name in ("ready", "done", "left_out", "failed")
    },
    ("peppol.NetworkReport", "state"): {
        "due": Ways(admin=("file", "fetch_again"), itself="the access point, asked hourly"),
        "ready": Ways(admin=("file", "fetch_again")),
        "doubtful": Ways(admin=("file", "fetch_again")),
        "filed": final("OpenPeppol has it"),
    },
    ("peppol.Circuit", "state"): {
        "closed": final("calls go through"),
        "open": Ways(admin=("probe",), itself="a probe after half a minute at most"),
        "half_open": Ways(admin=("probe",), itself="the probe's answer"),
    },
    ("peppol.Document", "state"): {
        "accepted": Ways(("try_now", "withdraw"), ("try_now", "withdraw"), itself=_AT_WORK),
        "sending": Ways(("try_now",), ("try_now",), itself="the access point; its patience ends"),
        "delivered": final("it has arrived"),
        "failed": Ways(("send_again",), api="send it again, as a new document"),
        "unknown": Ways(admin=("arrived", "not_arrived")),
        "received": final("it is there to be read"),
        "held": Ways(admin=("release",), itself="its company may read it again"),
    },
    ("peppol.DocumentDraft", ""): {"": Ways(("send", "discard"), api="send or delete it")},
    ("peppol.ComplianceReport", "state"): {
        "pending": final("tried for two days, and has failed then"),
        "reported": final("the authority has it"),
        "failed": Ways(admin=("report_again",)),
    },
    ("peppol.CompanyImport", "state"): {
        "reading": Ways(("discard",), itself="the worker"),
        "refused": Ways(("discard",)),
        "uploaded": Ways(("columns", "discard")),
        "checked": Ways(("start", "columns", "discard")),
        "running": Ways(("stop",), itself="the worker"),
        "stopped": Ways(("start", "discard")),
        "done": final("what failed can be tried again", portal=("discard",)),
    },
    ("peppol.ImportLine", "state"): {
        name: final("a line is read, corrected and tried again with its import")
        for name in ("new", "ready", "bad", "done", "failed")
    },
    ("peppol.Identification", "state"): {
        "asked": Ways(("hand_in_anew",), ("ask_again", "refuse")),
        "in_review": Ways(("hand_in_anew",), ("verify", "ask_again", "refuse")),
        "verified": Ways(("hand_in_anew",), ("ask_again", "refuse"), itself="its day ends it"),
        "refused": Ways(("hand_in_anew",), ("ask_again",)),
        "expired": Ways(("hand_in_anew",), ("ask_again", "refuse")),
    },
    ("peppol.Mandate", "state"): {
        "asked": Ways(("revoke",), ("revoke",), itself="whoever signs it"),
        "signed": Ways(("revoke",), ("revoke",), itself="its last day"),
        "expired": final("a new one can be signed"),
        "revoked": final("a new one can be signed"),
    },
    ("peppol.Participant", "state"): {
        "sends_only": Ways(("register_noted", "dismiss"), ("dismiss",), "register it"),
        "draft": Ways(("register_noted", "send_only", "dismiss"), ("dismiss",), "register it"),
        "pending": Ways(("unregister",), ("unregister",), _PARTICIPANT, _AT_WORK),
        "publishing": Ways(("unregister",), ("unregister",), _PARTICIPANT, _AT_WORK),
        "active": Ways(("unregister", "hand_over"), ("unregister",), _PARTICIPANT),
        "waiting": Ways(("retry", "unregister"), ("retry", "unregister"), _PARTICIPANT, _AT_WORK),
        "failed": Ways(("retry", "dismiss"), ("retry", "dismiss"), _PARTICIPANT),
        "elsewhere": Ways(
            ("await_release", "send_only", "take_over", "retry", "dismiss"),
            ("retry", "dismiss"),
            _PARTICIPANT,
        ),
        "unregistering": Ways(("retry", "register_noted"), ("retry",), "register it", _AT_WORK),
        "unregistered": final("it is off the network", portal=("register_noted",)),
    },
    ("peppol.Participant", "metadata_state"): _PUBLICATION,
    ("peppol.Participant", "card_state"): _PUBLICATION,
    ("peppol.Participant", "directory_state"): _PUBLICATION,
    ("peppol.StatusMessage", "state"): {
        "pending": final("tried for two days, and has failed then"),
        "sent": final("the sender's service provider has it"),
        "unwanted": final("nobody asked for good news"),
        "failed": final("it is sent again from the page of its document"),
    },
    ("peppol.Transfer", "state"): {
        "pending": Ways(("cancel",), ("cancel",), itself=_AT_WORK),
        "ready": Ways(("show_key", "finish", "cancel"), ("cancel",)),
        "finishing": final("for as long as the SMP takes; a refusal ends it"),
        "cancelling": final("for as long as the SMP takes; a refusal ends it"),
        "completed": final("the other side has it"),
        "cancelled": final("the registration stayed where it was"),
        "failed": final("another one can be begun"),
    },
    ("peppol.WatchRound", "state"): {
        "running": final("for as long as a night's look takes"),
        "done": final("the next night goes on", admin=("list:begin",)),
        "stopped": Ways(admin=("believe", "list:begin")),
    },
    ("billing.StatementRun", "state"): {
        "running": Ways(admin=("list:start",), itself="the worker"),
        "finished": final("whoever was refused is tried again", admin=("list:start",)),
    },
    ("billing.Subscription", ""): {"": Ways(("page:billing_plan",), ("cancel",), "choose a plan")},
    ("sandbox.Transmission", "status"): {
        name: final("the sandbox's own record of what it carried")
        for name in ("failed", "sent", "permanently_failed")
    },
}
# Columns of the same choices that only remember a state of another row.
COPIES = {("tenants.ApplicationMessage", "state")}


def written() -> str:
    """The table as a page."""
    lines = [
        "# States, and the ways out of them",
        "",
        "Every state has a way out for a person: an operation on the row's page, two clicks from"
        " its list. Written by",
        "`python -m tests.portal.ways_out` from the table that the tests hold against models and"
        " pages.",
        "",
        "| what | state | portal | admin | programs | by itself |",
        "|---|---|---|---|---|---|",
    ]
    for (model, column), states in TABLE.items():
        what = f"{model}.{column}" if column else model
        for state, ways in states.items():
            offered = (ways.portal, ways.admin)
            sites = [", ".join(f"`{name}`" for name in names) for names in offered]
            said = f"*final:* {ways.final}" if ways.final else ways.itself
            cells = (f"`{what}`", state and f"`{state}`", *sites, ways.api, said)
            lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(written())
