#!/usr/bin/env python3
"""Makes PEERS.md from the runner's JSON lines: case × broker, and why what failed failed.

    peers.py noida.jsonl tansu.jsonl busbar.jsonl > Tests/BrokerClients/PEERS.md
"""

import json
import sys

INTRODUCTION = """# The same cases against other brokers

Written by `peers.py` from `run.py --json`; do not edit. `ok`: the broker kept the promise. `FAIL`: it did not, for the
reason below the table. `-`: the client cannot do it. Empty: the broker was not asked (cases of TLS, SASL and rules start
brokers of their own, and some are newer than a peer's run). Each case's claim is in `run.py --list`. The promises are
Apache Kafka's documented behaviour; a failure of a peer is a difference to know about when it stands in for Kafka.
"""

IN_SHORT = {
    "noida-db 0.2.3": "A good stand-in for one client at a time. It ignores fetch limits and `max_wait`, lets a "
    "session of 6 s and a transaction of 2 s live for more than 25 s, does not check the generation in "
    "TxnOffsetCommit nor a stale epoch in InitProducerId, answers repeated sequences with the last offset, refuses "
    "commits while a group rebalances (so records are read again) and loses the second round of cooperative "
    "rebalances; a 16-byte request with a false array length ends the process, and SIGTERM lost acknowledged records "
    "(`kill9.py --rounds 1 --signal TERM`).",
    "Tansu 0.6": "Transactions are not to be relied on: aborted and fenced records are served as committed ones. It "
    "takes damaged batches and records of any size, knows no times (ListOffsets, LogAppendTime), miscounts the high "
    "watermark, forgets the metadata of offsets, lacks CreatePartitions, AlterConfigs and OffsetForLeaderEpoch, closes "
    "the connection on DeleteRecords, and librdkafka 2.0.2 (Debian's kcat) cannot connect at all.",
}


def load(paths):
    """broker → (client, case) → line; and the claims."""
    brokers, claims = {}, {}
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                at = (line["client"], line["case"])
                brokers.setdefault(line["broker"], {})[at] = line
                claims[at] = line["claim"]
    return brokers, claims


def cell(line):
    if line is None:
        return ""
    return {"ok": "ok", "skip": "-", "fail": "FAIL"}[line["result"]]


def clean(text):
    """Names that differ from run to run say nothing; a table cell holds no bar."""
    return text.replace("|", "\\|").replace("`", "'")[:260]


def main():
    brokers, claims = load(sys.argv[1:])
    print(INTRODUCTION)
    for broker, lines in brokers.items():
        counts = {result: sum(line["result"] == result for line in lines.values()) for result in ("ok", "fail", "skip")}
        counted = f"{counts['ok']} passed, {counts['fail']} failed, {counts['skip']} skipped."
        print(f"- **{broker}**: {counted} {IN_SHORT.get(broker, '')}".rstrip())
    print(f"\n| case | client | {' | '.join(brokers)} |")
    print(f"|---|---|{'---|' * len(brokers)}")
    for client, case in sorted(claims, key=lambda at: (at[1], at[0])):
        print(f"| {case} | {client} | {' | '.join(cell(b.get((client, case))) for b in brokers.values())} |")
    for broker, lines in brokers.items():
        ordered = sorted(lines.items(), key=lambda item: item[0][::-1])
        failed = [(at, line) for at, line in ordered if line["result"] == "fail"]
        if failed:
            print(f"\n## {broker}: what failed, and why\n\n| case | client | why |\n|---|---|---|")
        for (client, case), line in failed:
            print(f"| {case} | {client} | {clean(line['why'])} |")


if __name__ == "__main__":
    main()
