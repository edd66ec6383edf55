#!/usr/bin/env bash
# Tool: sgqlc 16.5 (PyPI), with gql 4.4.0 for comparison, on Python 3.11 or newer.
# Input: arguments of a query for a Boolean, an Int and a Float, as they come from variables of the environment and from
# sums.
# Seen: sgqlc makes true of the text "false", and 1 of 1.9, in silence; it sends an Int that does not fit into 32 bits,
# and for infinity a name, Infinity, where a number must be. gql refuses all of them but the text.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check sgqlc==16.5 gql==4.4.0
cat >try.py <<'PYTHON'
from gql.dsl import DSLQuery, DSLSchema, dsl_gql
from graphql import build_schema, print_ast
from sgqlc.operation import Operation
from sgqlc.types import Boolean, Field, Float, Int, String, Type

schema = DSLSchema(build_schema("type Query { issues(open: Boolean, first: Int, weight: Float): String }"))


class Query(Type):
    issues = Field(String, args={"open": Boolean, "first": Int, "weight": Float})


def by_sgqlc(given):
    operation = Operation(Query)
    operation.issues(**given)
    return str(operation)


def by_gql(given):
    return print_ast(dsl_gql(DSLQuery(schema.Query.issues(**given))).document)


for given in [{"open": True}, {"open": "false"}, {"first": 1.9}, {"first": 2**31}, {"weight": float("inf")}]:
    for name, write in [("sgqlc", by_sgqlc), ("gql", by_gql)]:
        try:
            shown = write(given).split("(")[1].split(")")[0]
        except Exception as error:
            shown = f"refused, {error}"
        print(f"{given}: {name} {shown}")
PYTHON
tool/bin/python -W ignore try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{'open': True}: sgqlc open: true
{'open': True}: gql open: true
{'open': 'false'}: sgqlc open: true
{'open': 'false'}: gql refused, Boolean cannot represent a non boolean value: 'false'
{'first': 1.9}: sgqlc first: 1
{'first': 1.9}: gql refused, Int cannot represent non-integer value: 1.9
{'first': 2147483648}: sgqlc first: 2147483648
{'first': 2147483648}: gql refused, Int cannot represent non 32-bit signed integer value: 2147483648
{'weight': inf}: sgqlc weight: Infinity
{'weight': inf}: gql refused, Float cannot represent non numeric value: inf
TEXT
echo
echo "As described."
