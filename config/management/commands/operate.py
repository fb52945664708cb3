"""`manage.py operate …`: what operator staff do in the admin, as commands with JSON answers."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.sandbox import samples
from tenants import persistence
from tenants.actors import Actor
from tenants.errors import Conflict, DomainError, Invalid, NotFound
from tenants.ids import read
from tenants.models import Environment, Organization, PlatformApplication
from tenants.services import applications, audit_trail, organizations

BY = Actor.system("operate")
Answer = dict[str, Any]


class Command(BaseCommand):
    """One operation, mostly on one organization; refused operations end non-zero."""

    help = "Operator actions. Ids may be spelled as any API spells them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        operations = parser.add_subparsers(dest="operation", required=True)
        for name, (add, _) in INSTALLATION.items():
            add(operations.add_parser(name))
        for name, (add, _) in OPERATIONS.items():
            operation = operations.add_parser(name)
            operation.add_argument("--organization", required=True, metavar="ID")
            add(operation)

    def handle(self, *, operation: str, organization: str = "", **options: Any) -> None:
        try:
            persistence.refuse_control(options)
            if operation in INSTALLATION:
                answer = INSTALLATION[operation][1](options)
            else:
                answer = OPERATIONS[operation][1](_organization(organization), options)
        except DomainError as refusal:
            said = {"error": refusal.code, "message": refusal.message}
            raise CommandError(json.dumps(said)) from refusal
        self.stdout.write(json.dumps(answer))


def _organization(id: str) -> Organization:
    found = Organization.objects.live().filter(pk=read(id)).first() if read(id) else None
    if found is None:
        raise NotFound("Organization")
    return found


def _shown(organization: Organization) -> Answer:
    return {
        "organization": str(organization.pk),
        "name": organization.name,
        "kind": organization.kind,
        "status": organization.status,
        "test_mode": organization.test_mode,
    }


def _status_options(parser: ArgumentParser) -> None:
    parser.add_argument("--status", required=True, choices=["active", "suspended", "closed"])
    parser.add_argument("--reason", default="")


def _set_status(organization: Organization, options: Answer) -> Answer:
    if options["status"] != "active" and not options["reason"].strip():
        raise Invalid("Say why, with --reason.", code="reason_required")
    moved, unchanged = organizations.set_status(
        organization, options["status"], reason=options["reason"], by=BY
    )
    return {**_shown(moved), "unchanged": unchanged}


def _test_mode_options(parser: ArgumentParser) -> None:
    switch = parser.add_mutually_exclusive_group(required=True)
    switch.add_argument("--on", action="store_true")
    switch.add_argument("--off", action="store_true")


def _set_test_mode(organization: Organization, options: Answer) -> Answer:
    return _shown(organizations.set_test_mode(organization, options["on"], by=BY))


def _key_options(parser: ArgumentParser) -> None:
    parser.add_argument("--name", default="issued by operator")
    parser.add_argument("--kind", choices=ApiKey.Kind.values)
    parser.add_argument("--environment", choices=Environment.values, default="live")
    parser.add_argument("--scope", action="append", dest="scopes", metavar="SCOPE")


def _issue_key(organization: Organization, options: Answer) -> Answer:
    platform = ApiKey.Kind.PLATFORM if organization.is_platform else ApiKey.Kind.COMPANY
    key, secret = keys.issue(
        organization,
        name=options["name"],
        kind=options["kind"] or platform,
        environment=options["environment"],
        scopes=options["scopes"] or ["*"],
        by=BY,
    )
    return {
        "organization": str(organization.pk),
        "id": str(key.pk),
        "kind": key.kind,
        "environment": key.environment,
        "key": secret,
    }


def _review_options(parser: ArgumentParser) -> None:
    parser.add_argument("--decision", required=True, choices=["approve", "reject", "request-info"])
    parser.add_argument("--message", default="")


def _review(organization: Organization, options: Answer) -> Answer:
    application = PlatformApplication.objects.filter(organization=organization).first()
    if application is None:
        raise NotFound("Platform application")
    decide = {
        "approve": applications.approve,
        "reject": applications.reject,
        "request-info": applications.request_info,
    }[options["decision"]]
    decided = decide(application, message=options["message"], by=BY)
    return {**_shown(decided.organization), "application": decided.state}


def _sample_options(parser: ArgumentParser) -> None:
    parser.add_argument("--number", default="", help="The invoice's number.")


def _receive_sample(organization: Organization, options: Answer) -> Answer:
    envelope = samples.send_to(organization, number=options["number"])
    return {
        "organization": str(organization.pk),
        "instance_id": envelope.instance_id,
        "sender": envelope.sender,
        "receiver": envelope.receiver,
    }


def _trail_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--since",
        type=date.fromisoformat,
        metavar="DAY",
        help="The first day to compare; all by default.",
    )


def _verify_trail(options: Answer) -> Answer:
    verdict = audit_trail.verify(options["since"])
    if not verdict.holds:
        raise Conflict("trail_differs", f"{verdict.day}: {verdict.wrong}")
    return {"holds": True, "days": verdict.days, "events": verdict.events}


def _seal_trail(options: Answer) -> Answer:
    seal = audit_trail.seal_today()
    if seal is None:
        return {"day": None, "events": 0, "digest": None}
    return {"day": seal.day.isoformat(), "events": seal.count, "digest": seal.digest}


def _acceptance_options(parser: ArgumentParser) -> None:
    parser.add_argument("--day", type=date.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--reason", required=True, metavar="TEXT")


def _accept_trail(options: Answer) -> Answer:
    seal = audit_trail.accept(options["day"], reason=options["reason"], by=BY)
    return {"day": seal.day.isoformat(), "accepted": True, "reason": seal.accepted_reason}


# What is done to the installation as a whole.
INSTALLATION: dict[str, tuple[Callable[[ArgumentParser], None], Callable[[Answer], Answer]]] = {
    "verify-trail": (_trail_options, _verify_trail),
    "accept-trail": (_acceptance_options, _accept_trail),
    "seal-trail": (lambda parser: None, _seal_trail),
}
OPERATIONS: dict[
    str, tuple[Callable[[ArgumentParser], None], Callable[[Organization, Answer], Answer]]
] = {
    "set-status": (_status_options, _set_status),
    "set-test-mode": (_test_mode_options, _set_test_mode),
    "issue-key": (_key_options, _issue_key),
    "review-application": (_review_options, _review),
    "receive-sample": (_sample_options, _receive_sample),
}
