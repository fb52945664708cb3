"""What the platform API answers: companies, keys, webhooks, documents, as Flowie spells them."""

from typing import Any

from apikeys.models import ApiKey
from config.api.kit.cursors import Page
from peppol.models import Document
from peppol.services.companies.onboarding import Onboarded
from peppol.services.documents.intake import PreparedDocument
from peppol.services.registration import participants
from tenants import hosts
from tenants.ids import spell
from tenants.models import Branding, CustomDomain, Organization
from tenants.times import utc
from webhooks.models import Attempt, Delivery, Endpoint

WHITE_LABEL = "flw_wl_"


def company(row: Organization) -> dict[str, Any]:
    """A managed company. Reads `participants`: prefetch them."""
    leading = participants.leading(list(row.participants.all()))
    return {
        "id": spell("comp", row.pk),
        "peppolId": leading.identifier if leading else None,
        "vatNumber": row.vat_number or None,
        "name": row.name,
        "country": row.country or None,
        "status": "deregistered" if row.deleted_at else row.status,
        "smpRegistered": bool(leading and leading.is_registered),
        "smpStatus": leading.state if leading else None,
        "smpError": (leading.last_error or None) if leading else None,
        "companyNumber": row.company_number or None,
        "legalName": row.legal_name or None,
        "email": row.email or None,
        "address": _address(row),
        "metadata": row.metadata,
        "environment": row.environment,
        "createdAt": utc(row.created_at),
        "updatedAt": utc(row.updated_at),
    }


def onboarded(made: Onboarded) -> dict[str, Any]:
    """What one call made; the two secrets are shown this once (C-28)."""
    return {
        "company": company(made.company),
        "apiKey": key(made.key, made.key_secret) if made.key else None,
        "webhook": webhook(made.endpoint, made.endpoint_secret) if made.endpoint else None,
    }


def key(row: ApiKey, secret: str = "") -> dict[str, Any]:
    """A key; its value is there when it was just made (FLO-03)."""
    kind = "white_label" if row.prefix.startswith(WHITE_LABEL) else "platform"
    return {
        "id": spell("key", row.pk),
        **({"key": secret} if secret else {}),
        "keyPrefix": row.prefix,
        "name": row.name,
        "keyType": kind if row.kind == ApiKey.Kind.PLATFORM else "company",
        "companyId": spell("comp", row.organization_id)
        if row.kind == ApiKey.Kind.COMPANY
        else None,
        "scopes": row.scopes,
        "environment": row.environment,
        "status": row.state,
        "createdAt": utc(row.created_at),
        "lastUsedAt": utc(row.last_used_at),
        "expiresAt": utc(row.expires_at),
    }


def webhook(row: Endpoint, secret: str = "") -> dict[str, Any]:
    """A webhook; its secret is there when it is new. Platform-level ones name no company."""
    return {
        "id": spell("wh", row.pk),
        "url": row.url,
        "status": row.status,
        **({"secret": secret} if secret else {}),
        "events": row.event_types,
        "description": row.description,
        "companyId": None if row.covers_companies else spell("comp", row.organization_id),
        "environment": row.environment,
        "failureCount": row.failure_count,
        "consecutiveFailures": row.consecutive_failures,
        "disabledReason": row.disabled_reason or None,
        "lastSuccessAt": utc(row.last_success_at),
        "createdAt": utc(row.created_at),
        "updatedAt": utc(row.updated_at),
    }


def delivery(row: Delivery) -> dict[str, Any]:
    """An event due to a webhook. Reads `event` and `attempts`: load them along."""
    return {
        "id": spell("del", row.pk),
        "eventId": f"evt_{row.event_id.hex}",
        "type": row.event.type,
        "companyId": spell("comp", row.event.organization_id),
        "state": row.state,
        "createdAt": utc(row.created_at),
        "nextAttemptAt": utc(row.next_attempt_at),
        "deliveredAt": utc(row.delivered_at),
        "attempts": [
            _attempt(tried) for tried in sorted(row.attempts.all(), key=lambda one: one.pk)
        ],
    }


def document(row: Document) -> dict[str, Any]:
    """A document without its content."""
    sent = row.direction == Document.Direction.OUTBOUND
    return {
        "id": spell("doc", row.pk),
        "companyId": spell("comp", row.organization_id),
        "direction": row.direction,
        "type": row.kind,
        "status": row.state,
        "response": row.response or None,
        "from": spell("comp", row.organization_id) if sent else row.sender,
        "to": row.receiver,
        "sender": row.sender,
        "number": row.number or None,
        "issueDate": row.issued_on.isoformat() if row.issued_on else None,
        "currency": row.currency or None,
        "amount": str(row.amount) if row.amount is not None else None,
        "format": row.format,
        "environment": row.environment,
        "error": row.last_error or None,
        "warnings": row.transmission.get("warnings", []),
        "retainUntil": row.retain_until.isoformat(),
        "createdAt": utc(row.created_at),
        "finishedAt": utc(row.finished_at),
    }


def listing(name: str, page: "Page[Any]", shape: Any) -> dict[str, Any]:
    """A page of a list; `nextCursor` is null on the last one."""
    return {name: [shape(row) for row in page.rows], "nextCursor": page.next or None}


def _address(row: Organization) -> dict[str, Any]:
    return {
        "street": row.address_line1,
        "additional": row.address_line2,
        "city": row.city,
        "postalCode": row.postal_code,
        "region": row.state,
        "country": row.address_country,
    }


def _attempt(tried: Attempt) -> dict[str, Any]:
    return {
        "number": tried.number,
        "startedAt": utc(tried.started_at),
        "durationMs": tried.duration_ms,
        "statusCode": tried.status_code,
        "error": tried.error or None,
    }


def settings(
    platform: Organization, looks: Branding | None, domain: CustomDomain | None
) -> dict[str, Any]:
    """A platform's settings, and the DNS records that its custom domain takes (FLO-33)."""
    looks = looks or Branding()
    return {
        "branding": {
            "displayName": looks.display_name,
            "logoUrl": looks.logo_url,
            "primaryColor": looks.primary_color,
            "supportEmail": looks.support_email,
        },
        "customDomain": domain.host if domain else None,
        "customDomainStatus": domain.state if domain else None,
        "customDomainError": (domain.last_error or None) if domain else None,
        "dnsRecords": hosts.records(domain.host, domain.challenge) if domain else [],
        "defaults": {
            "preferredFormat": platform.defaults.get("preferredFormat"),
            "autoCompliance": platform.defaults.get("autoCompliance", {}),
        },
        "whiteLabel": platform.white_label,
    }


def draft(found: PreparedDocument) -> dict[str, Any]:
    """What a document that may be sent would be."""
    return {
        "valid": True,
        "type": found.kind,
        "number": found.number or None,
        "sender": found.sender,
        "to": found.receiver,
        "format": found.format,
        "currency": found.currency or None,
        "amount": str(found.amount) if found.amount is not None else None,
        "warnings": found.warnings,
    }


def attached(row: Document) -> dict[str, str]:
    """Headers of a payload: a file of its own, never a page of ours."""
    suffix = "json" if row.format == Document.Format.JSON else "xml"
    return {
        "Content-Disposition": f'attachment; filename="{spell("doc", row.pk)}.{suffix}"',
        "X-Content-Type-Options": "nosniff",
    }
