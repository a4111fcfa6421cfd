#!/usr/bin/env python3
"""Drives a Kafka-protocol broker with real clients and says of every case whether the broker kept its promise.

    .venv-clients/bin/python Tests/BrokerClients/run.py --bootstrap 127.0.0.1:9092
    … --client confluent --client wire --only transaction
    … --start "busbar-broker --data-dir /tmp/data --listen 127.0.0.1:9092"     starts it, and again when a case ends it
    … --secured busbar-broker     starts brokers of its own for the cases with TLS, SASL and rules; skipped without it

Prints `ok CLIENT/CASE`, `skip CLIENT/CASE: why` (the client cannot do it) or `FAIL CLIENT/CASE: why` for each, and ends
with a count. Exit code 1 when a case failed, 2 when none ran. With --json, one JSON object a line instead.
Each case runs in a process of its own, so that neither a hang nor a crash of a client takes the others along.
"""

import argparse
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import signal
import sys
import time
import traceback

import broker
import cases
import secured

CLIENTS = ("confluent", "kafka-python", "aiokafka", "kcat", "wire")
CASE_FILES = ("cases_produce", "cases_read", "cases_transactions", "cases_groups", "cases_admin", "cases_errors",
              "cases_wire_records", "cases_wire_groups", "cases_wire_protocol", "cases_kcat", "cases_sasl", "cases_oauth",
              "cases_tls", "cases_rules", "cases_users")


def adapter(client, bootstrap):
    """The client's adapter; None for `wire`, whose cases need none."""
    if client == "wire":
        return None
    module = __import__(f"adapter_{client.replace('-', '_')}")
    return module.Client(bootstrap)


def load_everything(clients):
    """Before the first fork, so that each case's process starts with warm imports."""
    for name in CASE_FILES:
        __import__(name)
    for client in clients:
        if client != "wire":
            __import__(f"adapter_{client.replace('-', '_')}")


def child(pipe, case, client, options):
    os.setpgid(0, 0)
    context = None
    try:
        if case.secured and options.sites is None:
            raise cases.Unsupported("needs brokers with security; --secured starts them")
        context = cases.Context(options.bootstrap, adapter(client, options.bootstrap), options.seed, options.rebalances,
                                options.sites)
        case.run(context)
        outcome = ("ok", "")
    except cases.Unsupported as reason:
        outcome = ("skip", str(reason))
    except (AssertionError, cases.ClientError) as failure:
        outcome = ("fail", str(failure))
        if options.verbose:
            traceback.print_exc()
    except BaseException as failure:  # Whatever a client throws is the case's result, not the runner's end.
        where = traceback.extract_tb(failure.__traceback__)[-1]
        text = f"{type(failure).__name__}: {failure} ({os.path.basename(where.filename)}:{where.lineno})"
        outcome = ("fail", text)
        if options.verbose:
            traceback.print_exc()
    pipe.send(outcome)
    try:
        if context:
            context.close()
    finally:
        os._exit(0)


class Running:
    """One case in a process of its own, which is ended with all of its children when its time is over."""

    def __init__(self, case, client, options):
        self.case, self.client = case, client
        self.limit = case.seconds * options.patience
        self.pipe, its = multiprocessing.Pipe(duplex=False)
        self.began = time.monotonic()
        self.process = multiprocessing.Process(target=child, args=(its, case, client, options))
        self.process.start()
        its.close()

    def left(self):
        return max(0, self.began + self.limit - time.monotonic())

    def outcome(self):
        """(result, why, seconds), once the pipe has something or the time is over."""
        try:
            outcome = self.pipe.recv() if self.pipe.poll() else ("fail", f"still running after {self.limit:.0f} s")
        except EOFError:
            outcome = ("fail", "the client's process died")
        seconds = time.monotonic() - self.began
        self.process.join(5)
        self.end()
        self.process.join()
        self.pipe.close()
        return *outcome, seconds

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # It has ended by itself, and so have its children.


def report(options, client, case, result, why, seconds):
    why = re.sub(r"\s+", " ", why)[:600]
    if options.json:
        print(json.dumps({"broker": options.broker, "client": client, "case": case.name, "result": result, "why": why,
                          "seconds": round(seconds, 2), "claim": re.sub(r"\s+", " ", case.claim or "")}), flush=True)
    else:
        word = {"ok": "ok", "fail": "FAIL", "skip": "skip"}[result]
        print(f"{word} {client}/{case.name}{': ' + why if why else ''} ({seconds:.1f} s)", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="127.0.0.1:9092", metavar="HOST:PORT")
    parser.add_argument("--start", metavar="COMMAND", help="start the broker with this, and end it afterwards")
    parser.add_argument("--log", metavar="FILE", help="with --start: where the broker's output goes")
    parser.add_argument("--secured", metavar="PROGRAM", help="the busbar-broker to start for the cases with security")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="cases at a time")
    parser.add_argument("--client", action="append", choices=CLIENTS, help="only this client; may be repeated")
    parser.add_argument("--only", action="append", metavar="TEXT", help="only cases whose name contains TEXT")
    parser.add_argument("--skip", action="append", default=[], metavar="TEXT", help="no case whose name contains TEXT")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--broker", default="broker", help="what to call the broker in the JSON")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of whatever is drawn at random")
    parser.add_argument("--rebalances", type=int, default=100, help="joins and leaves in the group cases")
    parser.add_argument("--patience", type=float, default=1, help="multiplies every case's time limit")
    parser.add_argument("--list", action="store_true", help="print the cases and their claims, run nothing")
    parser.add_argument("--verbose", action="store_true", help="print the clients' stack traces")
    return parser.parse_args()


def main():
    options = arguments()
    multiprocessing.set_start_method("fork")
    clients = options.client or CLIENTS
    load_everything(clients)
    chosen = [(client, case) for client in clients for case in cases.ALL if client in case.clients
              and (not options.only or any(text in case.name for text in options.only))
              and not any(text in case.name for text in options.skip)]
    if options.list:
        for client, case in chosen:
            print(f"{client}/{case.name}: {re.sub(chr(10) + ' *', ' ', case.claim or '')}")
        return 0
    started = broker.Broker(options.start, options.bootstrap, options.log) if options.start else None
    options.sites = secured.Sites(options.secured) if options.secured and any(c.secured for _, c in chosen) else None
    try:
        if started:
            started.start()
        if options.sites:
            options.sites.start()
        return run_all(chosen, options, started)
    finally:
        if options.sites:
            options.sites.end()
        if started:
            started.end(signal.SIGTERM)


def run_all(chosen, options, started):
    """Runs the cases, `--jobs` at a time, the longest first; those that measure times run alone, at the end."""
    counts = {"ok": 0, "fail": 0, "skip": 0}
    waiting = sorted(chosen, key=lambda pair: (pair[1].alone, -pair[1].seconds)) if options.jobs > 1 else list(chosen)
    failed, running = [], []

    def stop(*_):
        for each in running:
            each.end()
        sys.exit(143)

    signal.signal(signal.SIGTERM, stop)
    while waiting or running:
        while waiting and len(running) < options.jobs and not (running and waiting[0][1].alone):
            client, case = waiting.pop(0)
            running.append(Running(case, client, options))
        multiprocessing.connection.wait([each.pipe for each in running], min(each.left() for each in running))
        for each in [each for each in running if each.pipe.poll() or each.left() == 0]:
            running.remove(each)
            result, why, seconds = each.outcome()
            if not broker.accepts(options.bootstrap):
                result, why = "fail", f"the broker no longer accepts connections; {why}"
                if started:
                    started.end()
                    started.start()
            counts[result] += 1
            if result == "fail":
                failed.append(f"{each.client}/{each.case.name}")
            report(options, each.client, each.case, result, why, seconds)
    if not options.json:
        if failed:
            print(f"failed: {' '.join(failed)}")
        print(f"seed {options.seed}")
        print(f"{counts['ok']} passed, {counts['fail']} failed, {counts['skip']} skipped")
    return 1 if counts["fail"] else 2 if not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
