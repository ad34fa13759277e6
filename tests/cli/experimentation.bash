# SPDX-License-Identifier: ISC
# Collecting what the simulator serves by itself; tap.bash goes before.
# shellcheck shell=bash disable=SC2034,SC2154 # variables are for the tests

. tests/cli/simulator.bash

person=objectId=7b1e4c9a-2f60-4d83-a5b7-90c3e8d1f264
connector=azureml-experimentation

params=()
for param in subscriptionId=3f1d6c52-8a4e-4b7a-9c0e-5d2b71f0a946 \
    resourceGroupName=research location=westeurope accountName=noordzee \
    workspaceName=customers projectName=churn; do
	params+=(--param "$param")
done

# collect CASE OPTION...: with all parameters and the right token
collect()
{
	"$dossier" collect "$@" --connector "$connector" "${params[@]}" \
	    --identity "$person" --ca-file "${ca:-$state/ca.pem}" \
	    --connect-to "::127.0.0.1:${proxy:-$port}" \
	    --credential "${credential:-arm-token=file:$state/token}"
}

# with_handler JSON: a copy of the connector with this error_handler
with_handler()
{
	sed '0,/"defaults": {/s//"defaults": {"error_handler": '"$1"',/' \
	    collector/connectors/azureml-experimentation.json \
	    >"$work/connector.json"
	connector=$work/connector.json
}

query() { sqlite3 "$1/case.db" "$2"; }

# documents CASE: one line a document, in the order of the archive
documents()
{
	query "$1" "select n.number, e.name, d.sha256, d.size, d.item_id,
	    d.source_url from document_number n
	    join document d on d.id = n.document
	    join endpoint e on e.id = d.endpoint order by n.number"
}

gaps()
{
	query "$1" "select e.name, reason, gap.status from gap
	    join endpoint e on e.id = gap.endpoint order by 1, 2"
}

# asked TEXT: statuses of the requests with TEXT in their path, in order
asked()
{
	grep -F -e "$1" "$state/requests.log" |
	    sed 's/.*"status":\([0-9]*\).*/\1/' | tr '\n' ' '
}
