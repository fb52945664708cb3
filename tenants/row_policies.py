"""What the database shows of each table to whom: the policies of row-level security.

A table is under one of them or on the list of those that hold nothing of a tenant's; a test
holds every table to that. A policy that looks into another table sees of it what that table's
own policy shows, so whatever belongs to a person or a statement follows them.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connection, models

from tenants.models import Organization
from tenants.postgresql.scope import ORGANIZATIONS, PAYER, PERSON, PLATFORMS


def _ids(setting: str) -> str:
    # As a subquery it is read once for a statement, not for every row; so is what it is cast to.
    # The second cast costs nothing, and says that these are values, not a query of rows.
    given = f"nullif(nullif(current_setting('{setting}', true), ''), '*')"
    return f"(select string_to_array({given}, ',')::uuid[])::uuid[]"


_SCOPE, _ABOVE, _PERSON = _ids(ORGANIZATIONS), _ids(PLATFORMS), _ids(PERSON)
_PAYER = _ids(PAYER)
_ALL = f"(select current_setting('{ORGANIZATIONS}', true) = '*')"
# Whoever has no organization yet sees the one that they found.
_FOUNDED = f"({_SCOPE} is null and founder_id = any({_PERSON}))"
_THEIRS = f"parent_id = any({_SCOPE}) or created_by_organization_id = any({_SCOPE}) or {_FOUNDED}"
_USERS, _CLIENTS = "select id from tenants_user", "select id from allauth_idp_oidc_client"
_MEMBERS = "select user_id from tenants_membership"


def _of_theirs(column: str) -> str:
    # Looked up by the key of the one row: to gather all companies of a platform takes longer.
    return (
        "exists (select 1 from tenants_organization theirs"  # noqa: S608 — our own names
        f" where theirs.id = {column} and ({_THEIRS}))"
    )


def _of_scope(column: str) -> str:
    return f"{column} = any({_SCOPE}) or {_of_theirs(column)}"


# Tables that say whose a row is in another way than by a column `organization`.
POLICIES = {
    "tenants_organization": f"id = any({_SCOPE}) or {_THEIRS}",
    "tenants_membership": (
        f"organization_id = any({_SCOPE}) or user_id = any({_PERSON})"
        f" or {_of_theirs('tenants_membership.organization_id')}"
    ),
    "tenants_user": f"id = any({_PERSON}) or id in ({_MEMBERS})",
    "tenants_user_groups": f"user_id in ({_USERS})",
    "tenants_user_user_permissions": f"user_id in ({_USERS})",
    "account_emailaddress": f"user_id in ({_USERS})",
    "account_emailconfirmation": "email_address_id in (select id from account_emailaddress)",
    "mfa_authenticator": f"user_id in ({_USERS})",
    "allauth_idp_oidc_client": "id in (select client_id from apikeys_machineclient)",
    "allauth_idp_oidc_token": (f"client_id in ({_CLIENTS}) or user_id = any({_PERSON})"),
    "django_admin_log": f"user_id = any({_PERSON})",
    "peppol_bulkoperation": _of_scope("peppol_bulkoperation.platform_id"),
    "billing_subscriptionterms": "subscription_id in (select id from billing_subscription)",
    "billing_statementline": "statement_id in (select id from billing_statement)",
    # What went over the sandbox's network; its servers look at all of it, nobody else at any.
    "sandbox_transmission": "false",
    # Files are read and written by their names alone, which whoever asks has from a row they see.
    "tenants_filepiece": "false",
    "tenants_fileremoval": "false",
    # What the operator's background work stumbled over, whosever it is.
    "tenants_trouble": "false",
}
# Rows that exist before what says whose they are, and numbers of a platform to which whoever acts
# for one of its companies adds: anybody makes one, and sees none by that.
MADE_FIRST = ("tenants_user", "allauth_idp_oidc_client", "tenants_tally")
_OPERATORS = "the operator's own"
_PUBLIC = "public, as its counterpart on the network is"
# What is read, besides, while a payer's bill is counted: who is on it, and how much they used.
_IS_BILLED = (
    f"{_PAYER} is not null and exists (select 1 from tenants_organization billed"  # noqa: S608
    f" where billed.id = organization_id and billed.bill_to_id = any({_PAYER}))"
)
COUNTED = {
    "tenants_organization": f"bill_to_id = any({_PAYER})",
    "tenants_formerpayer": f"bill_to_id = any({_PAYER}) or ({_IS_BILLED})",
    "peppol_dailyusage": _IS_BILLED,
    "peppol_monthlyusage": _IS_BILLED,
}
# Tables without anything of a tenant's, and why.
WITHOUT_TENANTS = {
    "auth_group": _OPERATORS,
    "auth_group_permissions": _OPERATORS,
    "auth_permission": "written by Django of the models",
    "billing_numberseries": _OPERATORS,
    "billing_plan": _OPERATORS,
    "billing_statementrun": _OPERATORS,
    "billing_vatanswer": "what a public register answered about numbers",
    "django_content_type": "written by Django of the models",
    "django_session": "read by its secret key alone, to find out who somebody is",
    "peppol_accesspoint": _OPERATORS,
    "peppol_certificatewarning": _OPERATORS,
    "peppol_circuit": _OPERATORS,
    "peppol_networkreport": _OPERATORS,
    "peppol_registeredcompany": "a public register of companies",
    "peppol_registerimport": _OPERATORS,
    "peppol_rulerelease": "rules that are published for everybody",
    "peppol_watchround": _OPERATORS,
    "sandbox_card": _PUBLIC,
    "sandbox_fault": _OPERATORS,
    "sandbox_group": _PUBLIC,
    "sandbox_service": _PUBLIC,
    "sandbox_smlentry": _PUBLIC,
    "tenants_heartbeat": _OPERATORS,
    "tenants_seal": _OPERATORS,
    "tenants_stamp": _OPERATORS,
}


def build(app_config: AppConfig, using: str, **_: Any) -> None:
    """After a migration, put the wall around every tenant table of the app that was migrated."""
    if using != "default" or connection.vendor != "postgresql":
        return
    tables = {model._meta.db_table: model for model in _models(app_config)}
    for table, model in tables.items():
        condition = condition_of(model)
        if condition:
            check = f"with check ({_ALL} or ({condition}))"
            _allow("tenant", table, f"using ({_ALL} or ({_listed(model)}{condition})) {check}")
            _enclose(table)
        if table in COUNTED:
            _allow("billed", table, f"for select using ({COUNTED[table]})")
        if table in MADE_FIRST:
            _allow("maker", table, "for insert with check (true)")
    if "tenants_organization" in tables:
        # A company reads, and does not change, what its platform is called and whether it is open.
        _allow("platform", "tenants_organization", f"for select using (id = any({_ABOVE}))")


def condition_of(model: type[models.Model]) -> str | None:
    """The rows of a table that a scope shows, in SQL; None for a table of nobody's."""
    table = model._meta.db_table
    column = tenant_column(model)
    if table in POLICIES or column is None:
        return POLICIES.get(table)
    return _of_scope(f"{table}.{column}")


def _listed(model: type[models.Model]) -> str:
    """What shows a platform the rows of its companies without a look at the companies."""
    fields = {field.name for field in model._meta.concrete_fields}
    return f"platform_id = any({_SCOPE}) or " if {"organization", "platform"} <= fields else ""


def tenant_column(model: type[models.Model]) -> str | None:
    """The column that names the organization a row belongs to, where there is one."""
    for field in model._meta.concrete_fields:
        if field.name == "organization" and field.related_model is Organization:
            return field.column
    return None


def _models(app_config: AppConfig) -> list[type[models.Model]]:
    return [m for m in app_config.get_models(include_auto_created=True) if not m._meta.proxy]


def _allow(policy: str, table: str, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'drop policy if exists {policy} on "{table}"')
        cursor.execute(f'create policy {policy} on "{table}" {what}')


def _enclose(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'alter table "{table}" enable row level security')
        cursor.execute(f'alter table "{table}" force row level security')
