#!/bin/bash
# SPDX-License-Identifier: ISC
# The connectors that ship: each of their endpoints is collected from the
# simulator, documents come, nothing is asked that the service does not have,
# nothing that was there to be asked for is left, no secret gets in.
cd "$(dirname "$0")/../.." || exit
. tests/cli/tap.bash
. tests/cli/simulator.bash

# whole KEY OPTION...: a collection of all, in $work/KEY
whole()
{
	local key=$1
	shift
	start --script "tests/simulator/scripts/$key.script"
	exits "$key: a whole collection" 0 "$dossier" collect "$work/$key" \
	    --connector "$key" --ca-file "$state/ca.pem" \
	    --connect-to "::127.0.0.1:$port" "$@"
	ok "$key: complete" says "$work/out" '^Complete\.$'
	stop
	ok "$key: a case" test -s "$work/$key/case.db"
	is "$key: nothing asked that is not there" \
	    "$(grep -E '"status":(418|401|0)[,}]' "$state/requests.log")" ""
	is "$key: nothing left" "$(grep -v '^DELETE ' "$state/unasked" |
	    grep -v '/operations/')" ""
	is "$key: each endpoint was asked" "$(never_asked "$key")" ""
	ok "$key: no secret" holds_not "$work/$key" canary-
}

# Endpoints without an exchange.
never_asked()
{
	sqlite3 "$work/$1/case.db" "select e.name from endpoint e where not
	    exists (select 1 from exchange x where x.endpoint = e.id)"
}

# got KEY ENDPOINT: its documents' identifiers, or sizes where there are none
got()
{
	sqlite3 "$work/$1/case.db" "select group_concat(coalesce(d.item_id,
	    d.size), ' ') from document_number n join document d on
	    d.id = n.document join endpoint e on e.id = d.endpoint
	    where e.name = '$2' order by n.number"
}

left_out()
{
	sqlite3 "$work/$1/case.db" "select left_out from endpoint
	    where name = '$2'"
}

secret() { echo "$2" >"$work/$1.token" && chmod 600 "$work/$1.token"; }

secret arm canary-arm-token
secret studio canary-workspace-token
whole azureml-studio --param workspaceId=w1 --param subscriptionId=s1 \
    --param resourceGroupName=research --identity email=an@example.org \
    --identity studioUser=an --credential "arm-token=file:$work/arm.token" \
    --credential "workspace-token=file:$work/studio.token"
is "studio: one of two users" "$(got azureml-studio users)" u1
is "studio: of the other, a count" "$(left_out azureml-studio users)" 1
is "studio: outputs by node and port" \
    "$(got azureml-studio experiment-outputs)" "3 3"
is "studio: the package, and what is in it" \
    "$(got azureml-studio packages)" "act-1 act-1"
is "studio: two days of a plan" "$(sqlite3 "$work/azureml-studio/case.db" \
    "select body from document d join endpoint e on e.id = d.endpoint
     where e.name = 'plan-usage'" | grep -o usageDate | wc -l)" 2

whole azureml --param subscriptionId=s1 --param resourceGroupName=research \
    --param workspaceName=ws --credential "arm-token=file:$work/arm.token" \
    --identity objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264 \
    --identity displayName=An
is "azureml: the person's jobs" "$(got azureml jobs)" r1
is "azureml: others, counted" "$(left_out azureml jobs)" 2
is "azureml: the file of a run" "$(got azureml artifact)" "out/model 1.pkl out/model 1.pkl"

secret github canary-github-token
whole github --identity login=an --credential "github-token=file:$work/github.token"
is "github: exports, with their files" "$(got github export |
    tr ' ' '\n' | sort | tr '\n' ' ')" "91 91 92 92 "
is "github: issues of others" "$(left_out github issues)" 1

secret graph canary-graph-token
secret storage 'https://store.example.org/c?sig=canary-storage'
whole microsoft-graph --identity userId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264 \
    --credential "graph-token=file:$work/graph.token" \
    --credential "export-storage=file:$work/storage.token"
is "graph: the export" "$(got microsoft-graph personal-data-export)" op1
is "graph: pages by @odata.nextLink" "$(sqlite3 \
    "$work/microsoft-graph/case.db" "select count(*) from document d
     join endpoint e on e.id = d.endpoint where e.name = 'sign-ins'")" 2

# --- whose is what can be deleted? -----------------------------------------------------

cat >"$work/whose.py" <<'PYTHON'
import json, sys

def references(endpoint):
    for p in endpoint["requests"]["read"].get("param_values", []):
        for r in p.get("references", []):
            yield r["endpoint"]

def is_asked(endpoint, identities):
    read = endpoint["requests"]["read"]
    return (any("connector_param" not in rule
                for rule in endpoint.get("subject_match", [])) or
            any("identity" in p for p in read.get("param_values", [])) or
            any("{%s}" % name in read["path"] for name in identities))

bad = False
for path in sys.argv[1:]:
    k = json.load(open(path))
    if k["connector"]["key"] == "github":
        continue  # the token is the person's: so is all that it deletes
    identities = [i["name"] for i in k["identities"]]
    by_name = {e["name"]: e for e in k["endpoints"]}
    for e in k["endpoints"]:
        if "delete" not in e["requests"]:
            continue
        chain, todo = [], [e]
        while todo:
            chain.append(todo.pop())
            todo += [by_name[n] for n in references(chain[-1])]
        # a place is left when the export left something in it out
        place = "warning" in e["requests"]["delete"]
        if not place and not any(is_asked(c, identities) for c in chain):
            print(path, e["name"], "would be deleted, whose ever it is")
            bad = True
sys.exit(bad)
PYTHON
exits "nothing is deleted whose ever it is" 0 python3 "$work/whose.py" \
    collector/connectors/*.json
sed '/"or_absent"/d' collector/connectors/azureml-studio.json \
    >"$work/careless.json"
exits "without rules it would be" 1 python3 "$work/whose.py" \
    "$work/careless.json"

# --- who made a thing is told in words -----------------------------------------

for key in azureml-experimentation azureml; do
	for name in userObjectId userPuId userIdp userAltSecId; do
		ok "$key has a word for $name" says \
		    "collector/connectors/$key.json" \
		    "\"$name\": \{\"en\": .*\"nl\": .*\"fr\": .*\"de\": "
	done
done

done_testing
