"""Starts MiniStack, the embedded AWS, with the gaps closed that this application would fall into.

MiniStack 1.5.33
- has EventBridge's archives and bus permissions in its API but not in CloudFormation, so a stack that declares one is refused; of a
  permission it makes an Allow without conditions; and it imports neither a bus nor an archive into a stack;
- has no saved queries at all: a declared one is held to what CloudWatch asks of it, and then only its name is kept;
- runs a rule's Lambda target once, where AWS queues it as an asynchronous invocation: retries, then the OnFailure destination;
- takes those from the function's own configuration whatever was invoked, where AWS takes the alias's;
- runs as many functions at once as there are events, each in a process, until their calls time out; an account's concurrency is limited;
- takes a stream's batch for done whatever its function answers (`batchItemFailures`), where AWS repeats it from the first failure on;
- stamps every event with the moment it arrives, where AWS takes the time its producer gave;
- holds an alarm against every series of its metric, whatever its dimensions, never lets it go for want of data, and knows no metric math;
- carries out every call, those of web pages included: guard.py says which it takes here.

All are bound to internals of that version, so another version is refused rather than half patched.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from contextvars import ContextVar
from importlib.metadata import version

EXPECTED = "1.5.33"

if version("ministack") != EXPECTED:
    sys.exit(f"local/emulator/launcher.py is written for ministack {EXPECTED}, found {version('ministack')}: adapt it and change the pin together")

END_ALL = 'kill -s KILL -- "-$0"; sleep 0.5; rm -rf -- "$1"'


def end_with(parent, home):
    """Waits until the other end of the pipe is closed; then ends this process's group, functions included, and removes their folder.

    By a process outside the group, which is there to remove what the last of the group wrote."""
    while os.read(parent, 1):
        pass
    subprocess.Popen(["/bin/sh", "-c", END_ALL, str(os.getpgrp()), home], start_new_session=True)


def watch_parent(home):
    """Takes the pipe off standard input, where the functions' processes would inherit it."""
    parent = os.dup(0)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    threading.Thread(target=end_with, args=(parent, home), daemon=True).start()


# Started with a folder: by a process that must not be outlived, at the other end of standard input.
if len(sys.argv) == 2:
    watch_parent(sys.argv.pop())

from guard import Guard  # noqa: E402
from ministack import app as ministack  # noqa: E402
from ministack.core.responses import json_response  # noqa: E402
from ministack.services import cloudwatch, cloudwatch_logs, dynamodb, eventbridge, lambda_svc  # noqa: E402
from ministack.services.cloudformation import changesets, provisioners  # noqa: E402
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS  # noqa: E402


def create_archive(_logical_id, props, _stack_name):
    name = props["ArchiveName"]
    source = props["SourceArn"]
    pattern = props.get("EventPattern", "")
    request = {
        "ArchiveName": name,
        "EventSourceArn": source,
        "Description": props.get("Description", ""),
        "EventPattern": json.dumps(pattern) if isinstance(pattern, dict) else pattern,
        "RetentionDays": int(props.get("RetentionDays", 0)),
    }
    status, _headers, body = eventbridge._create_archive(request)
    if status != 200:
        raise ValueError(f"archive {name}: {body}")
    return import_archive(request)


def import_archive(identifier):
    archive = eventbridge._archives[identifier["ArchiveName"]]
    return archive["ArchiveName"], {"Arn": archive["ArchiveArn"], "ArchiveName": archive["ArchiveName"]}


def import_bus(identifier):
    bus = eventbridge._event_buses[identifier["Name"]]
    return bus["Name"], {"Arn": bus["Arn"], "Name": bus["Name"]}


def missing_from(existing):
    """Why something cannot be imported: AWS fails the change set over it."""
    return lambda name: None if name in existing else f"{name} was not found."


def delete_archive(physical_id, _props):
    eventbridge._delete_archive({"ArchiveName": physical_id})


def create_bus_policy(_logical_id, props, _stack_name):
    """The statement as it is, Allow or Deny, with its conditions. It is kept and shown: MiniStack asks no bus's policy."""
    bus, statement_id = props["EventBusName"], props["StatementId"]
    delete_bus_policy(f"{bus}|{statement_id}", props)
    policy = eventbridge._event_bus_policies.get(bus) or {"Version": "2012-10-17", "Statement": []}
    policy["Statement"].append({**props["Statement"], "Sid": statement_id})
    eventbridge._event_bus_policies[bus] = policy
    return f"{bus}|{statement_id}", {}


def delete_bus_policy(physical_id, _props):
    bus, statement_id = physical_id.split("|")
    eventbridge._remove_permission({"EventBusName": bus, "StatementId": statement_id})


def create_query(logical_id, props, _stack_name):
    for name in ("Name", "QueryString"):
        if not props.get(name):
            raise ValueError(f"query definition {logical_id}: no {name}")
    missing = [group for group in props.get("LogGroupNames", []) if group not in cloudwatch_logs._log_groups]
    if missing:
        raise ValueError(f"query definition {logical_id}: no log group {', '.join(missing)}")
    return str(uuid.uuid4()), {}


def delete_query(_physical_id, _props):
    """Nothing was kept."""


def deliver_to_lambda(arn, payload):
    """A rule's delivery as AWS makes it: an asynchronous invocation with the function's own retries and OnFailure."""
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        print(f"EventBridge: the target function {name} does not exist", file=sys.stderr)
        return
    lambda_svc.invoke_async_with_retry({**function, "config": {**config, "FunctionArn": arn}}, json.loads(payload))


invoke_async = lambda_svc.invoke_async_with_retry


def invoke_async_as_invoked(record, event):
    """With the retries and the OnFailure of what was invoked: an alias, a version, or the function; the record's ARN says which."""
    arn = record["config"]["FunctionArn"]
    function, _config, _name = lambda_svc._get_base_func_record_for_ref(arn)
    _name, qualifier = lambda_svc._resolve_name_and_qualifier(arn)
    configured = function["event_invoke_configs"].get(qualifier or "$LATEST")
    invoke_async({**record, "event_invoke_config": configured}, event)


execute_function = lambda_svc._execute_function

# The account's concurrency: invocations past it wait. A replay of thousands of events is what needs it.
concurrency = threading.BoundedSemaphore(10)


def execute_function_of_batch(record, event, *args, **kwargs):
    """Of a stream's batch that failed in part, the rest is repeated: the mapping goes on at the first failure, as after an error."""
    with concurrency:
        result = execute_function(record, event, *args, **kwargs)
    batch = event.get("Records") if isinstance(event, dict) else None
    if not batch or batch[0].get("eventSource") != "aws:dynamodb" or result.get("error"):
        return result
    body = result.get("body")
    answer = body if isinstance(body, dict) else json.loads(body or "{}")
    failed = [failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures") or []]
    if not failed:
        return result
    stream, function = batch[0]["eventSourceARN"], record["config"]["FunctionName"]
    table = stream.split("/stream/")[0].split("/")[-1]
    numbers = [each["dynamodb"]["SequenceNumber"] for each in dynamodb.stream_live_records(table)]
    for mapping in lambda_svc._esms.values():
        if (mapping["EventSourceArn"], mapping["FunctionName"]) == (stream, function):
            position = dynamodb.stream_start_position(table) + numbers.index(min(failed))
            lambda_svc._dynamodb_stream_positions[mapping["UUID"]] = position
    return {**result, "error": True}


alarm_record = provisioners._cw_metric_alarm_record


def alarm_record_with_math(name, props):
    """An alarm as CloudWatch describes it: on an expression over several series."""
    record = alarm_record(name, {**props, "Metrics": None, "Namespace": "-", "MetricName": "-"})
    for of_one_series in ("Namespace", "MetricName", "Dimensions", "Statistic", "Period"):
        del record[of_one_series]
    return {**record, "Metrics": props["Metrics"]}


def series_of(alarm):
    """The series of an alarm by id, and the expression over them."""
    (expression,) = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
    return {query["Id"]: query["MetricStat"] for query in alarm["Metrics"] if "MetricStat" in query}, expression


FILLED = r"FILL\((\w+), 0\)(?: / (\d+))?"


def computed(expression, values):
    """The value of `SUM([FILL(m1, 0), ...])` or `MAX([FILL(m1, 0) / 30000, ...])`."""
    combined = re.fullmatch(rf"(SUM|MAX)\(\[({FILLED}(?:, {FILLED})*)\]\)", expression)
    if not combined:
        raise ValueError(f"{expression}: local/emulator/launcher.py does not know how to evaluate it")
    filled = [(values[name] or 0) / int(divisor or 1) for name, divisor in re.findall(FILLED, combined[2])]
    return {"SUM": sum, "MAX": max}[combined[1]](filled)


def values_between(begin, end, series):
    """The value of each series in a span; None without data."""
    values = {}
    for name, stat in series.items():
        metric = stat["Metric"]
        dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric["Dimensions"]))
        points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], dimensions)) or []
        within = cloudwatch._calc_stats([point for point in points if begin < point["Timestamp"] <= end])
        values[name] = within.get(stat["Stat"])
    return values


evaluate_plain_alarm = cloudwatch._evaluate_alarm


def evaluate_alarm(alarm):
    """An alarm as this application has them, by its own series and period by period: above the threshold in as many as it asks for.

    Its value is never missing. Series that never had data say nothing, as MiniStack has it. One without metric math, as an operator makes it, is
    MiniStack's."""
    if not alarm.get("Metrics"):
        return evaluate_plain_alarm(alarm)
    if (alarm["ComparisonOperator"], alarm["TreatMissingData"]) != ("GreaterThanThreshold", "notBreaching"):
        raise ValueError(f"alarm {alarm['AlarmName']}: local/emulator/launcher.py does not know how to evaluate it")
    series, expression = series_of(alarm)
    if all(value is None for value in values_between(0, float("inf"), series).values()):
        return
    now, (period,) = time.time(), {stat["Period"] for stat in series.values()}
    spans = [(now - (index + 1) * period, now - index * period) for index in range(alarm["EvaluationPeriods"])]
    values = [computed(expression, values_between(begin, end, series)) for begin, end in spans]
    above = sum(value > alarm["Threshold"] for value in values)
    old, new = alarm["StateValue"], "ALARM" if above >= alarm.get("DatapointsToAlarm", len(spans)) else "OK"
    if old == new:
        return
    reason = f"{expression} was {values}, the threshold is {alarm['Threshold']}"
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(now))
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)


entry_time = ContextVar("entry_time", default=None)
now_ts = eventbridge._now_ts
put_events = eventbridge._put_events


def put_events_at_their_time(data, allow_aws_source=False):
    """PutEvents entry by entry, so that the emulator's clock can say each entry's own time (epoch seconds, as the SDKs send it)."""
    entries = data.get("Entries", [])
    if not 0 < len(entries) <= 10:
        return put_events(data, allow_aws_source)
    answers = []
    for entry in entries:
        token = entry_time.set(entry.get("Time"))
        _status, _headers, body = put_events({**data, "Entries": [entry]}, allow_aws_source)
        entry_time.reset(token)
        answers.append(json.loads(body))
    failed = sum(answer["FailedEntryCount"] for answer in answers)
    return json_response({"FailedEntryCount": failed, "Entries": [result for answer in answers for result in answer["Entries"]]})


_RESOURCE_HANDLERS["AWS::Events::Archive"] = {"create": create_archive, "delete": delete_archive, "import": import_archive}
_RESOURCE_HANDLERS["AWS::Events::EventBus"]["import"] = import_bus
changesets._IMPORT_LOOKUPS["AWS::Events::Archive"] = (("ArchiveName",), missing_from(eventbridge._archives))
changesets._IMPORT_LOOKUPS["AWS::Events::EventBus"] = (("Name",), missing_from(eventbridge._event_buses))
_RESOURCE_HANDLERS["AWS::Events::EventBusPolicy"] = {"create": create_bus_policy, "delete": delete_bus_policy}
_RESOURCE_HANDLERS["AWS::Logs::QueryDefinition"] = {"create": create_query, "delete": delete_query}
cloudwatch._evaluate_alarm = evaluate_alarm
provisioners._cw_metric_alarm_record = alarm_record_with_math
eventbridge._now_ts = lambda: entry_time.get() or now_ts()
eventbridge._put_events = put_events_at_their_time
eventbridge._dispatch_to_lambda = deliver_to_lambda
lambda_svc._execute_function = execute_function_of_batch
lambda_svc.invoke_async_with_retry = invoke_async_as_invoked
ministack.app = Guard(ministack.app, os.environ["LISTENER_HOSTS"].split())

ministack.main()
