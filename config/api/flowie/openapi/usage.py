"""What the OpenAPI document says of the operations on usage and statistics."""

from functools import partial

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import COMPANY_REQUIRED, operation
from config.api.flowie.requests import usage as requests
from config.api.flowie.responses import usage as responses

_operation = partial(operation, "Platform")

USAGE = _operation(
    "get_usage",
    "Documents of a period, in all and by company",
    200,
    responses.Usage,
    examples.USAGE,
    parameters=[requests.UsageQuery],
)
STATS = _operation(
    "get_stats",
    "A tenant's documents, quota and failures",
    200,
    responses.Stats,
    examples.STATS,
    parameters=[requests.PeriodQuery],
    acts=True,
    refusals={403: COMPANY_REQUIRED},
)
