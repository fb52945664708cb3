"""Examples for the OpenAPI document: the playbook's own, where it has one."""

from typing import Any

_TIME = "2026-04-25T10:00:00.000000Z"
_COMP = "comp_01jaysezv0f3rr5p2m8xw4q7kt"
_PEPPOL = "9957:FR86797978996"

NEW_COMPANY: dict[str, Any] = {
    "vatNumber": "FR86797978996",
    "name": "ACME France SARL",
    "metadata": {"tenantId": "t_acme", "tier": "premium"},
    "webhook": {
        "url": "https://yourplatform.com/hooks/flowie?tenant=t_acme",
        "events": [
            "document.received",
            "document.delivered",
            "document.failed",
            "lifecycle.updated",
            "compliance.reported.failed",
        ],
    },
    "apiKey": {
        "name": "tenant-acme",
        "scopes": ["send", "receive", "documents.read", "documents.write", "lifecycle"],
    },
}
COMPANY: dict[str, Any] = {
    "id": _COMP,
    "peppolId": _PEPPOL,
    "vatNumber": "FR86797978996",
    "name": "ACME France SARL",
    "country": "FR",
    "status": "active",
    "smpRegistered": False,
    "smpStatus": "pending",
    "smpError": None,
    "smpErrorCode": None,
    "companyNumber": None,
    "legalName": None,
    "email": None,
    "address": {
        "street": "",
        "additional": "",
        "city": "",
        "postalCode": "",
        "region": "",
        "country": "",
    },
    "metadata": NEW_COMPANY["metadata"],
    "environment": "test",
    "createdAt": _TIME,
    "updatedAt": _TIME,
}
TENANT_KEY: dict[str, Any] = {
    "id": "key_01jaysezv0f3rr5p2m8xw4q7kt",
    "keyPrefix": "flw_test_AbC1",
    "name": "tenant-acme",
    "keyType": "company",
    "companyId": _COMP,
    "scopes": NEW_COMPANY["apiKey"]["scopes"],
    "environment": "test",
    "status": "active",
    "createdAt": _TIME,
    "lastUsedAt": None,
    "expiresAt": None,
}
NEW_PLATFORM_KEY = {"name": "my-platform", "scopes": ["platform", "*"], "keyType": "platform"}
PLATFORM_KEY = {
    **TENANT_KEY,
    "keyPrefix": "flw_plat_test_AbC1",
    "name": "my-platform",
    "keyType": "platform",
    "companyId": None,
    "scopes": ["*"],
}
WEBHOOK: dict[str, Any] = {
    "id": "wh_01jaysezv0f3rr5p2m8xw4q7kt",
    "url": NEW_COMPANY["webhook"]["url"],
    "status": "active",
    "events": NEW_COMPANY["webhook"]["events"],
    "description": "",
    "retrySchedule": [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
    "companyId": _COMP,
    "environment": "test",
    "failureCount": 0,
    "consecutiveFailures": 0,
    "disabledReason": None,
    "lastSuccessAt": None,
    "createdAt": _TIME,
    "updatedAt": _TIME,
}
NEW_WEBHOOK = {"url": "https://yourplatform.com/hooks/flowie", "events": ["company.smp_registered"]}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 — of Standard Webhooks' own examples
ONBOARDED = {
    "company": COMPANY,
    "apiKey": {**TENANT_KEY, "key": "flw_test_AbC1…"},
    "webhook": {**WEBHOOK, "secret": SECRET},
}
DELIVERY = {
    "id": "del_01jaysezv0f3rr5p2m8xw4q7kt",
    "eventId": "evt_0193a5c07b1e70008000000000000001",
    "type": "document.delivered",
    "companyId": _COMP,
    "state": "delivered",
    "createdAt": _TIME,
    "nextAttemptAt": None,
    "deliveredAt": _TIME,
    "attempts": [
        {"number": 1, "startedAt": _TIME, "durationMs": 48, "statusCode": 204, "error": None}
    ],
}
OUTGOING = {
    "type": "invoice",
    "from": _COMP,
    "to": "0208:0403170701",
    "document": {
        "number": "2026-0042",
        "issueDate": "2026-04-25",
        "dueDate": "2026-05-25",
        "currency": "EUR",
        "buyerReference": "PO-7",
        "buyer": {
            "name": "Bakkerij Peeters BV",
            "peppolId": "0208:0403170701",
            "address": {"city": "Gent", "postalCode": "9000", "country": "BE"},
        },
        "lines": [
            {
                "name": "Consulting",
                "quantity": 1,
                "unitPrice": "100.00",
                "vat": {"category": "S", "rate": "20"},
            }
        ],
    },
}
DOCUMENT: dict[str, Any] = {
    "id": "doc_01jaysezv0f3rr5p2m8xw4q7kt",
    "companyId": _COMP,
    "direction": "outbound",
    "type": "invoice",
    "documentType": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##"
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1",
    "status": "accepted",
    "response": None,
    "answer": None,
    "about": None,
    "from": _COMP,
    "to": "0208:0403170701",
    "sender": _PEPPOL,
    "senderName": "ACME France SAS",
    "receiverName": "Bakkerij Peeters BV",
    "selfBilled": False,
    "number": "2026-0042",
    "issueDate": "2026-04-25",
    "currency": "EUR",
    "amount": "120.00",
    "subtotal": "100.00",
    "totalTax": "20.00",
    "format": "ubl",
    "environment": "test",
    "error": None,
    "errorCode": None,
    "warnings": [],
    "retainUntil": "2032-12-31",
    "createdAt": _TIME,
    "finishedAt": None,
}
DRAFT = {
    "valid": True,
    "type": "invoice",
    "number": "2026-0042",
    "sender": _PEPPOL,
    "to": "0208:0403170701",
    "format": "ubl",
    "currency": "EUR",
    "amount": "120.00",
    "errors": [],
    "warnings": [],
}
BATCHED = {
    "accepted": 1,
    "rejected": 1,
    "results": [
        {"index": 0, "status": "accepted", "statusCode": 202, "document": DOCUMENT},
        {
            "index": 1,
            "status": "rejected",
            "statusCode": 422,
            "error": {
                "error": {
                    "type": "validation_error",
                    "code": "INVALID",
                    "message": "This field is required.",
                },
                "code": "INVALID",
                "message": "This field is required.",
                "errors": [
                    {"field": "document", "message": "This field is required.", "code": "required"}
                ],
            },
        },
    ],
}
NEW_SETTINGS = {
    "branding": {
        "displayName": "ACME e-Invoice",
        "logoUrl": "https://acme.com/logo.svg",
        "primaryColor": "#0F62FE",
        "supportEmail": "support@acme.com",
    },
    "customDomain": "peppol.acme.com",
    "defaults": {
        "preferredFormat": "ubl-xml",
        "autoCompliance": {"FR": True, "IT": True, "BE": True},
    },
}
SETTINGS = {
    **NEW_SETTINGS,
    "customDomainStatus": "pending",
    "customDomainError": None,
    "dnsRecords": [
        {"type": "CNAME", "name": "peppol.acme.com", "value": "peppol.example.com"},
        {"type": "TXT", "name": "_gatehouse-challenge.peppol.acme.com", "value": "k3Jf…"},
    ],
    "whiteLabel": True,
}
USAGE = {
    "period": {"start": "2026-04-01", "end": "2026-04-30"},
    "total": {
        "documentsSent": 18420,
        "documentsReceived": 22100,
        "documentsFailed": 12,
        "complianceReports": 3801,
    },
    "byCompany": [
        {
            "companyId": _COMP,
            "tenantId": "t_acme",
            "sent": 4203,
            "received": 5012,
            "failed": 3,
            "complianceReports": 3801,
        }
    ],
    "nextCursor": None,
}
STATS = {
    "companyId": _COMP,
    "period": USAGE["period"],
    "documents": {"sent": 4203, "received": 5012, "failed": 3, "complianceReports": 3801},
    "quota": {
        "scope": "platform",
        "limit": 50000,
        "used": 40520,
        "percent": 81.0,
        "alert": True,
        "hard": False,
    },
    "last24Hours": {"sent": 140, "failed": 2, "failureRate": 0.0143},
}
READY = {
    "status": "ready",
    "checks": {
        "database": {"ok": True},
        "worker": {"ok": True, "detail": "Last seen 3 s ago."},
        "circuit_breakers": {
            "ok": True,
            "detail": "All circuits are closed.",
            "states": {"smp": "closed", "access_point": "closed"},
        },
    },
}
UNREADY = {
    "status": "not_ready",
    "checks": {"database": {"ok": False, "detail": "OperationalError"}},
}
