/* SPDX-License-Identifier: ISC */
#include "dossier/request.h"

#include "assets.h"

const char *const dsr_request_template = asset_request_json;
