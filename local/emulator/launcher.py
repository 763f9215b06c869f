"""Starts MiniStack, the embedded AWS, with patches for the differences from AWS that matter to this application.

MiniStack 1.5.33
- has EventBridge's archives and bus permissions in its API but not in CloudFormation, so it refuses a stack that declares one; it stores a
  permission as an Allow without conditions; and it cannot import a bus or an archive into a stack;
- has no saved queries: here a declared one is not stored;
- runs a rule's Lambda target once, where AWS invokes it asynchronously: with retries, then the OnFailure destination;
- reads retries and OnFailure from the function whatever was invoked, where AWS reads the alias's;
- runs every event's function at once, each in a process, until calls time out; AWS limits an account's concurrency;
- ignores the `batchItemFailures` of a function on a stream, where AWS repeats the batch from the first failure on;
- gives each event the time of its arrival, where AWS keeps its producer's;
- waits a second for each long poll of an empty queue, as AWS does; here 0.1 s;
- evaluates an alarm over every series of its metric, whatever its dimensions, keeps its state without data, and has no metric math;
- carries out every call, those of web pages included: guard.py denies those that AWS would deny.

The patches use internals of that version, so any other version is refused.
"""

import asyncio
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
    """Waits until the other end of the pipe closes, then kills this process's group, functions included, and removes their folder.

    A process outside the group does both, so that it outlives the group's last write."""
    while os.read(parent, 1):
        pass
    subprocess.Popen(["/bin/sh", "-c", END_ALL, str(os.getpgrp()), home], start_new_session=True)


def watch_parent(home):
    """Moves the pipe from standard input, which function processes inherit, to another descriptor, and watches that."""
    parent = os.dup(0)
    with open(os.devnull) as null:
        os.dup2(null.fileno(), 0)
    threading.Thread(target=end_with, args=(parent, home), daemon=True).start()


# Started with a folder as its argument: must end with the process at the other end of standard input.
if len(sys.argv) == 2:
    watch_parent(sys.argv.pop())

from guard import Guard  # noqa: E402
from ministack import app as ministack  # noqa: E402
from ministack.core.responses import json_response  # noqa: E402
from ministack.services import cloudwatch, dynamodb, eventbridge, lambda_svc, sqs  # noqa: E402
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
    """Looks up the reason why a resource cannot be imported, for which AWS fails the change set."""
    return lambda name: None if name in existing else f"{name} was not found."


def delete_archive(physical_id, _props):
    eventbridge._delete_archive({"ArchiveName": physical_id})


def create_bus_policy(_logical_id, props, _stack_name):
    """Stores the statement unchanged, Allow or Deny, with its conditions. MiniStack does not evaluate bus policies."""
    bus, statement_id = props["EventBusName"], props["StatementId"]
    delete_bus_policy(f"{bus}|{statement_id}", props)
    policy = eventbridge._event_bus_policies.get(bus) or {"Version": "2012-10-17", "Statement": []}
    policy["Statement"].append({**props["Statement"], "Sid": statement_id})
    eventbridge._event_bus_policies[bus] = policy
    return f"{bus}|{statement_id}", {}


def delete_bus_policy(physical_id, _props):
    bus, statement_id = physical_id.split("|")
    eventbridge._remove_permission({"EventBusName": bus, "StatementId": statement_id})


def create_query(_logical_id, _props, _stack_name):
    return str(uuid.uuid4()), {}


def delete_query(_physical_id, _props):
    """Does nothing, since nothing was stored."""


def deliver_to_lambda(arn, payload):
    """Delivers a rule's event as AWS does: by an asynchronous invocation, with retries and OnFailure."""
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        print(f"EventBridge: the target function {name} does not exist", file=sys.stderr)
        return
    lambda_svc.invoke_async_with_retry({**function, "config": {**config, "FunctionArn": arn}}, json.loads(payload))


invoke_async = lambda_svc.invoke_async_with_retry


def invoke_async_as_invoked(record, event):
    """Uses the retries and OnFailure of the alias, version or function that the record's ARN names."""
    arn = record["config"]["FunctionArn"]
    function, _config, _name = lambda_svc._get_base_func_record_for_ref(arn)
    _name, qualifier = lambda_svc._resolve_name_and_qualifier(arn)
    configured = function["event_invoke_configs"].get(qualifier or "$LATEST")
    invoke_async({**record, "event_invoke_config": configured}, event)


execute_function = lambda_svc._execute_function

# The account's concurrency: further invocations wait. A replay of thousands of events needs this.
concurrency = threading.BoundedSemaphore(10)


def execute_function_of_batch(record, event, *args, **kwargs):
    """Repeats a stream's batch from its first failure on, as AWS does after a partial failure."""
    with concurrency:
        result = execute_function(record, event, *args, **kwargs)
    batch = event.get("Records") if isinstance(event, dict) else None
    if not batch or batch[0].get("eventSource") != "aws:dynamodb" or result.get("error"):
        return result
    body = result.get("body")
    answer = body if isinstance(body, dict) else json.loads(body or "{}")
    failed_items = [failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures") or []]
    if not failed_items:
        return result
    stream, function = batch[0]["eventSourceARN"], record["config"]["FunctionName"]
    table = stream.split("/stream/")[0].split("/")[-1]
    numbers = [change["dynamodb"]["SequenceNumber"] for change in dynamodb.stream_live_records(table)]
    for mapping in lambda_svc._esms.values():
        if (mapping["EventSourceArn"], mapping["FunctionName"]) == (stream, function):
            position = dynamodb.stream_start_position(table) + numbers.index(min(failed_items))
            lambda_svc._dynamodb_stream_positions[mapping["UUID"]] = position
    return {**result, "error": True}


alarm_record = provisioners._cw_metric_alarm_record


def alarm_record_with_math(name, props):
    """An alarm on an expression over several series, as CloudWatch describes it."""
    record = alarm_record(name, {**props, "Metrics": None, "Namespace": "-", "MetricName": "-"})
    for field_of_one_series in ("Namespace", "MetricName", "Dimensions", "Statistic", "Period"):
        del record[field_of_one_series]
    return {**record, "Metrics": props["Metrics"]}


def series_of(alarm):
    """The metric of each series of an alarm by its id, and the expression over them."""
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
    """The value of each series in a time span; None without data."""
    values = {}
    for name, stat in series.items():
        metric = stat["Metric"]
        dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric["Dimensions"]))
        points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], dimensions)) or []
        statistics = cloudwatch._calc_stats([point for point in points if begin < point["Timestamp"] <= end])
        values[name] = statistics.get(stat["Stat"])
    return values


evaluate_plain_alarm = cloudwatch._evaluate_alarm


def evaluate_alarm(alarm):
    """Evaluates an alarm of this application: its own series, period by period, above the threshold in enough periods.

    FILL gives every period a value. An alarm whose series never had data keeps its state. MiniStack evaluates alarms without metric math."""
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
    """Puts entries one by one, each with the emulator's clock set to its Time (epoch seconds, as the SDKs send it)."""
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


receive_message = sqs._act_receive_message


async def receive_message_soon(data, url):
    """Ends a long poll of an empty queue after 0.1 s, since the operator's command reads a queue until it has been empty twice."""
    at_once = {**data, "WaitTimeSeconds": 0}
    answer = await receive_message(at_once, url)
    if answer or not data.get("WaitTimeSeconds"):
        return answer
    await asyncio.sleep(0.1)
    return await receive_message(at_once, url)


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
sqs._HANDLERS["ReceiveMessage"] = receive_message_soon
ministack.app = Guard(ministack.app, os.environ["LISTENER_HOSTS"].split())

ministack.main()
