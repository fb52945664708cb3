"""Where a business that is not (yet) a platform begins and applies, and with which answers."""

START = "/portal/start/"
BUSINESS, DETAILS, PLAN, DONE = (f"{START}{s}/" for s in ("business", "details", "plan", "done"))
PLATFORM, CREDENTIALS, CAPABILITIES = (
    f"/portal/settings/{name}/" for name in ("platform", "credentials", "capabilities")
)
PROFILE = {"name": "Nora's Books", "country": "BE", "capabilities": ["EINVOICING"]}
FORM = {
    "motivation": "We keep the books of bakeries.",
    "expected_companies": "40",
    "expected_documents": "2000",
    "technical_contact": "tech@nora.example",
}
