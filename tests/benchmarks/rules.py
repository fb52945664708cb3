"""How long judging takes: `python -m tests.benchmarks.rules`, for invoices of 20 and 2,000 lines.

What is printed is the time that passes and the processor's; on a machine that is busy with other
things the second one tells more. No database is asked: the built-in rules judge.
"""

import copy
import os
import time

import django
from lxml import etree

SIZES = {20: 40, 2000: 6}


def main() -> None:
    """Print both times of each size, the best of several."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from peppol.invoices import reading
    from peppol.invoices.reading import CAC, CBC
    from peppol.rules import examples, installed, judging, kinds

    installed.releases = lambda: ()
    for lines, runs in SIZES.items():
        root = etree.fromstring(examples.right()[kinds.BILLING])
        line = root.find(f"{CAC}InvoiceLine")
        for number in range(2, lines + 1):
            another = copy.deepcopy(line)
            another.find(f"{CBC}ID").text = str(number)
            root.append(another)
        document = etree.tostring(root)
        judging.judge(reading.parse(document))
        passed, worked = [], []
        for _ in range(runs):
            began, busy = time.perf_counter(), time.process_time()
            judging.judge(reading.parse(document))
            passed.append(time.perf_counter() - began)
            worked.append(time.process_time() - busy)
        print(f"{lines:>5} lines: {min(passed) * 1000:.1f} ms, {min(worked) * 1000:.1f} ms of CPU")


if __name__ == "__main__":
    main()
