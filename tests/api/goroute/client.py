"""GoRoute's published client, as its documentation prints it; only the base URL is ours to set."""

import requests


class GoRouteClient:
    def __init__(self, api_key: str):
        self.api_key = api_key
        self.base_url = "https://app.goroute.ai/peppol-api"

    def send_invoice(self, org_id: str, invoice_data: dict):
        """Send invoice for a specific organization."""
        response = requests.post(
            f"{self.base_url}/api/v1/invoices",
            headers={
                "X-API-Key": self.api_key,
                "X-Organization-Id": org_id,  # Scope to specific org
            },
            json=invoice_data,
        )
        return response.json()

    def get_transactions(self, org_id: str):
        """Get transactions for a specific organization."""
        response = requests.get(
            f"{self.base_url}/api/v1/transactions",
            headers={"X-API-Key": self.api_key, "X-Organization-Id": org_id},
        )
        return response.json()
