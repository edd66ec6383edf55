#!/usr/bin/env bash
# Tool: openapi-core 0.23.1 (PyPI), on Python 3.11 or newer.
# Input: a valid document of OpenAPI 3.0.3 with one schema for a form, in both media types of forms, and the same forms
# in both. They are valid by the schema.
# Seen: the URL-encoded form is read with its types. In multipart a number is a text, and refused; and a list that is
# not in the form is in what is read, as an empty one, so that no name for it and an empty list cannot be told apart.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check openapi-core==0.23.1
cat >try.py <<'PYTHON'
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest

form = {
    "schema": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "count": {"type": "integer"},
            "ids": {"type": "array", "items": {"type": "string"}},
        },
    }
}
content = {"application/x-www-form-urlencoded": form, "multipart/form-data": form}
operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "OK"}}}
document = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {"/things": {"post": operation}},
}
api = OpenAPI.from_dict(document)


def read(values, multipart):
    text, media_type = "&".join(f"{name}={value}" for name, value in values), "application/x-www-form-urlencoded"
    if multipart:
        parts = (f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in values)
        text, media_type = "".join(parts) + "--B--\r\n", "multipart/form-data; boundary=B"
    request = MockRequest("http://example.com", "post", "/things", data=text.encode(), content_type=media_type)
    result = api.unmarshal_request(request)
    if not result.errors:
        return result.body
    return "; ".join(error.message for error in result.errors[0].__cause__.schema_errors)


for values in [[("name", "x")], [("name", "x"), ("ids", "14"), ("ids", "15")], [("count", "5")]]:
    print(f"{values}: URL-encoded {read(values, False)}, multipart {read(values, True)}")
PYTHON
tool/bin/python -W ignore try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
[('name', 'x')]: URL-encoded {'name': 'x'}, multipart {'name': 'x', 'ids': []}
[('name', 'x'), ('ids', '14'), ('ids', '15')]: URL-encoded {'name': 'x', 'ids': ['14', '15']}, multipart {'name': 'x', 'ids': ['14', '15']}
[('count', '5')]: URL-encoded {'count': 5}, multipart '5' is not of type 'integer'
TEXT
echo
echo "As described."
