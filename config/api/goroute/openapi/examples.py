"""The examples in the OpenAPI document: the published ones where there are any."""

from typing import Any

_TIME = "2026-01-26T10:00:00Z"
_ID = "01kfx3m2g4f7bsy8y6pzq0w9vn"

ORGANIZATION_SENT: dict[str, Any] = {
    "name": "Acme Corporation",
    "legal_name": "Acme Corporation B.V.",
    "country": "NL",
    "vat_number": "NL123456789B01",
    "address": {
        "street": "123 Business Street",
        "city": "Amsterdam",
        "postal_code": "1012 AB",
        "country": "NL",
    },
    "contact": {"email": "invoices@acme.example.com", "phone": "+31201234567"},
}
ORGANIZATION: dict[str, Any] = {
    "org_id": f"org_{_ID}",
    "id": f"org_{_ID}",
    **ORGANIZATION_SENT,
    "peppol_id": "0106:12345678",
    "status": "active",
    "status_reason": None,
    "company_number": None,
    "metadata": {},
    "created_at": _TIME,
    "updated_at": _TIME,
}
INVOICE_SENT: dict[str, Any] = {
    "number": "2026-0042",
    "issueDate": "2026-01-26",
    "buyerReference": "PO-77",
    "buyer": {
        "name": "Studio Lumière SARL",
        "peppolId": "9957:FR86797978996",
        "vatNumber": "FR86797978996",
        "address": {
            "street": "12 rue de la République",
            "city": "Lyon",
            "postalCode": "69002",
            "country": "FR",
        },
    },
    "payment": {"iban": "NL91ABNA0417164300", "terms": "30 days"},
    "lines": [
        {
            "name": "Bread",
            "quantity": 10,
            "unitPrice": "2.50",
            "vat": {"category": "S", "rate": "9"},
        }
    ],
}
_DOCUMENT: dict[str, Any] = {
    "org_id": f"org_{_ID}",
    "direction": "outbound",
    "type": "invoice",
    "number": "2026-0042",
    "status": "accepted",
    "sender": "0106:12345678",
    "receiver": "9957:FR86797978996",
    "environment": "live",
    "error": None,
    "error_code": None,
    "created_at": _TIME,
}
INVOICE: dict[str, Any] = {
    "id": f"inv_{_ID}",
    "invoice_id": f"inv_{_ID}",
    "invoice_number": "2026-0042",
    "sender_id": "0106:12345678",
    "receiver_id": "9957:FR86797978996",
    "delivered_at": None,
    "transaction_id": f"txn_{_ID}",
    **_DOCUMENT,
    "issue_date": "2026-01-26",
    "currency": "EUR",
    "amount": "27.25",
    "net": "25.00",
    "tax": "2.25",
    "sender_name": "Acme Corporation B.V.",
    "receiver_name": "Studio Lumière SARL",
    "self_billed": False,
    "answer": None,
    "format": "ubl",
    "warnings": [],
    "updated_at": _TIME,
}
TRANSACTION: dict[str, Any] = {
    "id": f"txn_{_ID}",
    "transaction_id": f"txn_{_ID}",
    "invoice_id": f"inv_{_ID}",
    **_DOCUMENT,
    "status": "delivered",
    "message_id": "019bfa3a-0a04-79d7-9f21-c6b7ec0e26f5",
    "document_type": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##"
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1",
    "process": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    "next_attempt_at": None,
    "response": "accepted",
    "steps": [
        {"status": "accepted", "at": _TIME},
        {"status": "delivered", "at": "2026-01-26T10:00:03Z"},
    ],
    "invoice_number": "2026-0042",
    "sender_id": "0106:12345678",
    "receiver_id": "9957:FR86797978996",
    "finished_at": "2026-01-26T10:00:03Z",
    "delivered_at": "2026-01-26T10:00:03Z",
}
PARTICIPANT: dict[str, Any] = {
    "id": f"part_{_ID}",
    "org_id": f"org_{_ID}",
    "peppol_id": "0106:12345678",
    "scheme": "0106",
    "identifier": "12345678",
    "name": "Acme Corporation B.V.",
    "country": "NL",
    "status": "active",
    "smp_status": "registered",
    "registered": True,
    "document_types": [f"busdox-docid-qns::{TRANSACTION['document_type']}"],
    "capabilities": [
        {"document_type": TRANSACTION["document_type"], "process_id": TRANSACTION["process"]}
    ],
    "registered_at": _TIME,
    "next_attempt_at": None,
    "error": None,
    "error_code": None,
    "warnings": [],
    "created_at": _TIME,
    "updated_at": _TIME,
}
WEBHOOK_SENT: dict[str, Any] = {
    "url": "https://yourplatform.com/webhooks/org_abc123",
    "events": ["invoice.delivered", "invoice.received"],
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
WEBHOOK: dict[str, Any] = {
    "id": f"wh_{_ID}",
    "org_id": f"org_{_ID}",
    "url": WEBHOOK_SENT["url"],
    "events": WEBHOOK_SENT["events"],
    "status": "active",
    "description": None,
    "retry_schedule": [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400],
    "environment": "live",
    "disabled_reason": None,
    "failure_count": 0,
    "last_success_at": None,
    "warnings": [],
    "created_at": _TIME,
    "updated_at": _TIME,
}
KEY: dict[str, Any] = {
    "id": f"key_{_ID}",
    "org_id": f"org_{_ID}",
    "name": "Acme's ERP",
    "description": None,
    "prefix": "gh_live_3kTz",
    "last_four": "9Qa1",
    "environment": "live",
    "status": "active",
    "created_at": _TIME,
    "last_used_at": None,
    "expires_at": None,
}
INVALID: dict[str, Any] = {
    "error": "invalid",
    "message": "This field is required.",
    "fields": [{"field": "name", "message": "This field is required.", "code": "required"}],
}
