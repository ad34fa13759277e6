#!/bin/bash
# SPDX-License-Identifier: ISC
# docs/ENDPOINTS.md: every address of the two articles stands in a connector,
# and nothing stands there that is not in the table.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash

cat >"$work/compare.py" <<'PYTHON'
import json, os, re, sys

text = open("docs/ENDPOINTS.md").read()

def connector(key):
    return json.load(open("collector/connectors/" + key + ".json"))

def address(endpoint, name):
    read, one = endpoint["requests"]["read"], endpoint["requests"][name]
    query = one.get("query_params", read.get("query_params", []))
    pairs = "&".join(q["name"] + "=" + q["value"] for q in query)
    if not any(q["name"] == "api-version" for q in query) and VERSION:
        pairs += ("&" if pairs else "") + "api-version=" + VERSION
    return ("https://" + one.get("host", read["host"]) +
            one.get("path", read["path"]) + ("?" + pairs if pairs else ""))

# What the connector puts right in the addresses that the article prints.
def right(url):
    url = url.rstrip('"')
    url = url.replace("/resourcegroups/", "/resourceGroups/")
    for old, new in (("subscription-id", "subscriptionId"),
                     ("resource-group", "resourceGroupName"),
                     ("account-name", "accountName"),
                     ("workspace-name", "workspaceName"),
                     ("project-name", "projectName"),
                     ("compute-name", "computeName"),
                     ("{artifactPath}", "{+artifactPath}")):
        url = url.replace(old, new)
    if "ModelManagement/" in url or ".modelmanagement." in url:
        url = url.replace("{accountName}", "{hostingAccountName}")
    if "MachineLearningServices/" in url:
        url = url.replace("{workspaceName}", "{machineLearningWorkspaceName}")
    return url.replace("contentinfo/ExperimentRun", "contentinfo/{origin}")

def wanted(key):
    found = set()
    for endpoint in connector(key)["endpoints"]:
        requests = endpoint["requests"]
        found.add((endpoint["name"], requests["read"]["method"],
                   address(endpoint, "read")))
        if "delete" in requests:
            found.add((endpoint["name"], "DELETE", address(endpoint, "delete")))
    return found

def same(a, b, what):
    for one in sorted(a - b):
        print("not in", what, one)
    return a == b

VERSION = connector("azureml-experimentation")["defaults"].get("api_version")
rows = re.findall(r"^\| (\d+) \| `([^`]+)` \| ([A-Z ]+) \| (once|twice) \|"
                  r" ([^|]+) \| `(.*)` \|$", text, re.M)
table = {(name, verb, right(url)) for _, name, verbs, _, _, url in rows
         for verb in verbs.split()}
have = {(n, v, u.replace("contentinfo/ExperimentRun", "contentinfo/{origin}"))
        for n, v, u in wanted("azureml-experimentation")}
good = same(table, have, "the first connector") & same(have, table, "the first table")
good &= len(rows) == 32 == len({r[5] for r in rows})
good &= sum(1 if r[3] == "once" else 2 for r in rows) == 42
good &= len({r[0] for r in rows}) == 28 == len({r[1] for r in rows})

VERSION = connector("azureml-studio")["defaults"].get("api_version")
more = re.findall(r"^\| `([^`]+)` \| (GET|POST|DELETE) \| ([^|]+) \| `(.*)` \|$",
                  text, re.M)
table = {(name, verb, url) for name, verb, _, url in more}
have = wanted("azureml-studio")
good &= same(table, have, "the second connector") & same(have, table, "the second table")
for tests in [r[4] for r in rows] + [r[2] for r in more]:
    for test in re.findall(r"`([^`]+)`", tests):
        if not os.path.exists("tests/cli/" + test + ".t"):
            print("no such test:", test)
            good = False
sys.exit(0 if good else 1)
PYTHON
exits "tables and connectors agree" 0 python3 "$work/compare.py"
sed -i 's/"azureml-studio"/"github"/' "$work/compare.py"
exits "with another they would not" 1 python3 "$work/compare.py"

done_testing
