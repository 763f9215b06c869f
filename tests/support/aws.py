"""A small AWS CLI for the commands in the documentation: `aws <service> <operation>` and `aws <service> wait <waiter>`, with --query and
--output text. botocore, which the SAM CLI depends on, knows AWS's operations and refuses any other name. Exit codes are the AWS CLI's:
252 for a wrong command line, 254 for an error of the service, 255 for a waiter that gave up.
"""

import json
import sys
from pathlib import Path

import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError, WaiterError
from botocore.session import Session

# The embedded AWS never needs longer.
WAITER_CONFIG = {"Delay": 1, "MaxAttempts": 60}


def options(words):
    """The values that follow each option: {"--name": [values]}"""
    found = {}
    for word in words:
        if word.startswith("--"):
            values = found.setdefault(word, [])
        else:
            values.append(word)
    return found


def parsed(text, shape):
    """A value as the AWS CLI reads it: JSON, file://, shorthand (Key=a,Value=b) or a scalar."""
    if text.startswith("file://"):
        text = Path(text.removeprefix("file://")).read_text()
    if shape.type_name in ("structure", "map", "list") and text.lstrip()[0] in "{[":
        return json.loads(text)
    if shape.type_name == "structure":
        members = dict(pair.split("=", 1) for pair in text.split(","))
        return {name: parsed(value, shape.members[name]) for name, value in members.items()}
    if shape.type_name == "boolean":
        return {"true": True, "false": False}[text]
    return int(text) if shape.type_name in ("integer", "long") else text


def argument(flag, values, shape):
    if shape.type_name == "boolean" and not values:
        return not flag.startswith("--no-")
    if shape.type_name == "list" and values[0][0] not in "{[":
        return [parsed(value, shape.member) for value in values]
    (value,) = values
    return parsed(value, shape)


def arguments(found, shape):
    flags = {}
    for name, member in shape.members.items():
        flag = xform_name(name, "-")
        flags[f"--{flag}"] = (name, member)
        if member.type_name == "boolean":
            flags[f"--no-{flag}"] = (name, member)
    for flag in found:
        if flag not in flags:
            raise ValueError(f"unknown option {flag}")
    return {flags[flag][0]: argument(flag, values, flags[flag][1]) for flag, values in found.items()}


def wait(client, name, found):
    waiter = client.get_waiter(name.replace("-", "_"))
    operation = client.meta.service_model.operation_model(waiter.config.operation)
    waiter.wait(**arguments(found, operation.input_shape), WaiterConfig=WAITER_CONFIG)


def call(client, operation, found):
    query, (output,) = found.pop("--query", ["@"]), found.pop("--output", ["json"])
    method = operation.replace("-", "_")
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    answer = getattr(client, method)(**arguments(found, model.input_shape))
    answer.pop("ResponseMetadata", None)
    result = jmespath.search(query[0], answer)
    print(result if output == "text" else json.dumps(result, indent=4, default=str))


def main(service, operation, *words):
    waiter, words = (words[0], words[1:]) if operation == "wait" else (None, words)
    found = options(words)
    # Options of the AWS CLI itself, not of the operation.
    (region,), (endpoint,) = found.pop("--region", [None]), found.pop("--endpoint-url", [None])
    client = Session().create_client(service, region_name=region, endpoint_url=endpoint)
    if waiter:
        wait(client, waiter, found)
    else:
        call(client, operation, found)


try:
    main(*sys.argv[1:])
except (ParamValidationError, KeyError, ValueError) as error:
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(252)
except ClientError as error:
    print(error, file=sys.stderr)
    sys.exit(254)
except WaiterError as error:
    print(error, file=sys.stderr)
    sys.exit(255)
