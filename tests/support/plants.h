/* SPDX-License-Identifier: ISC */
/* A service of gardens, for tests of the plan of an erasure. */
#ifndef TESTS_PLANTS_H
#define TESTS_PLANTS_H

#define HEAD                                                                  \
	"{\"connector\": {\"key\": \"plants\", \"name\": \"P\","              \
	" \"version\": \"1\", \"description\": \"d\"},"                       \
	" \"identities\": [{\"name\": \"who\", \"description\": \"d\"},"      \
	" {\"name\": \"mail\", \"description\": \"d\"}],"                    \
	" \"hosts\": [\"api.example.org\"],"                                  \
	" \"authentication\": {\"strategy\": \"none\"}, \"endpoints\": ["
#define READ(path, rest)                                                      \
	"\"read\": {\"method\": \"GET\", \"host\": \"api.example.org\","      \
	" \"path\": \"" path "\", \"primary_key\": \"id\"" rest "}"
#define ENDPOINT(name, requests, rest)                                        \
	"{\"name\": \"" name "\", \"description\": \"d\","                    \
	" \"category\": \"content\", \"requests\": {" requests "}" rest "}"
#define OF(endpoint)                                                          \
	", \"param_values\": [{\"name\": \"id\", \"references\":"             \
	" [{\"endpoint\": \"" endpoint "\", \"field\": \"id\"}]}]"
#define BY_ITEM(endpoint) "\"delete\": {\"path\": \"/x/{id}\"" OF(endpoint) "}"

/* beds of a garden, plants of a bed; the gardener is somebody */
#define LIST ENDPOINT("list", READ("/gardens", ", \"data_path\": \"value\""), "")
#define GARDEN(rest)                                                          \
	ENDPOINT("garden", READ("/gardens/{id}", OF("list"))                  \
	    ", \"delete\": {}", rest)
#define BEDS(rest)                                                            \
	ENDPOINT("bed", READ("/gardens/{id}/beds", ", \"data_path\": \"value\"" \
	    OF("list")), rest)
#define PLANT(rest)                                                           \
	ENDPOINT("plant", READ("/plants", ", \"data_path\": \"value\"") ","   \
	    BY_ITEM("plant"), rest)
/* a plant of a bed of a garden */
#define IN_BED                                                                \
	ENDPOINT("plant", READ("/gardens/{id}/beds/{bed}",                    \
	    ", \"param_values\": [{\"name\": \"bed\", \"references\":"          \
	    " [{\"endpoint\": \"bed\", \"field\": \"id\"}]}]")                  \
	    ", \"delete\": {}", "")

/* whose it is, and that of an */
#define OWN ", \"subject_match\": [{\"path\": \"by\", \"identity\": \"who\"}]"
#define AN                                                                    \
	(const char *const[])                                                 \
	{                                                                     \
		"who=an", NULL                                                \
	}

#define AT "https://api.example.org"

#endif
