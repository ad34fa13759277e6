# SPDX-License-Identifier: ISC
#
# make            the release build, in build/
# make demo       installs what is missing, then the main job on the simulator
# make check      installs what is missing, then every test
# make lint       static checks
# make bench      timings against the tools of today
# make static-verifier  the verifier as one file: build/static/bin/dossier-verifier
# make install    under PREFIX (/usr/local), behind DESTDIR
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS are honoured; BUILD names another build folder.
# SANITIZE=address,undefined builds for sanitizers; WITH_LIBDEFLATE=0 without
# libdeflate; WERROR=1 turns warnings into errors.

VERSION := 0.1.0
BUILD ?= build
# The build folder whose objects, and what was generated for them, are taken: all
# but those of own_sources, which are in BUILD.
OBJECTS := $(BUILD)
PREFIX ?= /usr/local
DESTDIR ?=
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
PKG_CONFIG ?= pkg-config
WITH_LIBDEFLATE ?= $(shell $(PKG_CONFIG) --exists libdeflate 2>/dev/null && echo 1 || echo 0)
SANITIZE ?=
WERROR ?=

CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
	-Wcast-qual -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla -Wundef -Wimplicit-fallthrough -Wswitch-enum \
	$(if $(WERROR),-Werror)
HARDENING := -fstack-protector-strong -fPIE \
	$(if $(SANITIZE),,-D_FORTIFY_SOURCE=2)
sanitize_flags := $(if $(SANITIZE),-fsanitize=$(SANITIZE) \
	-fno-omit-frame-pointer -fno-sanitize-recover=all)

core_packages := libsodium libcrypto zlib yajl \
	$(if $(filter 1,$(WITH_LIBDEFLATE)),libdeflate)
collector_packages := libcurl libssl sqlite3
packer_packages := sqlite3
pkg_libs = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)

# check and demo install what is missing by themselves
ifneq ($(filter-out check demo lint clean,$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell $(PKG_CONFIG) --exists $(core_packages) \
    $(collector_packages) 2>/dev/null && echo found),found)
$(error libraries are missing: run tools/install-deps)
endif
endif

ALL_CPPFLAGS := -D_GNU_SOURCE -DDSR_VERSION='"$(VERSION)"' \
	-DDSR_DATADIR='"$(DATADIR)"' \
	$(if $(SANITIZE),-DDSR_SANITIZED) \
	-Iinclude -I$(OBJECTS)/include \
	$(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags \
	$(core_packages) sqlite3 libcurl 2>/dev/null)) $(CPPFLAGS)
ALL_CFLAGS := -std=c11 $(WARNINGS) $(HARDENING) $(sanitize_flags) \
	-ffile-prefix-map=$(CURDIR)=. $(CFLAGS)
ALL_LDFLAGS := -pie -pthread -Wl,-z,relro,-z,now,--as-needed \
	$(sanitize_flags) $(LDFLAGS)

core_sources := $(sort $(wildcard core/*.c core/report/*.c))
test_support := $(sort $(wildcard tests/support/*.c))
unit_tests := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
fuzz_targets := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
long_tests := $(patsubst tests/long/%.c,%,$(sort $(wildcard tests/long/*.c)))
programs := collector packer verifier
languages := $(patsubst po/%.po,%,$(sort $(wildcard po/*.po)))

# What WITH_LIBDEFLATE makes different
own_sources := core/deflate.c core/deflate_chunk.c
objects = $(patsubst %.c,$(OBJECTS)/obj/%.o,$(filter-out $(own_sources),$(1))) \
	$(patsubst %.c,$(BUILD)/obj/%.o,$(filter $(own_sources),$(1)))
program_sources = $(sort $(wildcard $(1)/*.c))
libdossier := $(BUILD)/libdossier.a
core_libs := $(call pkg_libs,$(core_packages))

.PHONY: all bench check check-cli check-long check-unit clean demo hostile man \
	install lint print-warnings schemas simulator tests
all: $(BUILD)/bin/dossier $(programs:%=$(BUILD)/bin/dossier-%)

define compile_rule
$(1)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CPPFLAGS) $$(ALL_CFLAGS) -MMD -MP -c -o $$@ $$<
endef
$(foreach b,$(sort $(BUILD) $(OBJECTS)),$(eval $(call compile_rule,$(b))))
$(call objects,$(own_sources)): \
    ALL_CPPFLAGS += -DDSR_WITH_LIBDEFLATE=$(WITH_LIBDEFLATE)

# texts and styles of the page become C arrays
$(OBJECTS)/include/assets.h: $(sort $(wildcard core/report/assets/*)) \
    tools/embed
	@mkdir -p $(@D)
	tools/embed $(filter core/report/assets/%,$^) >$@.tmp
	mv $@.tmp $@
$(call objects,$(wildcard core/report/*.c)): $(OBJECTS)/include/assets.h
# ... and so does the schema that the verifier prints
$(OBJECTS)/include/result_schema.h: docs/schemas/result.schema.json tools/embed
	@mkdir -p $(@D)
	tools/embed $< >$@.tmp
	mv $@.tmp $@
$(call objects,verifier/verify_main.c): $(OBJECTS)/include/result_schema.h

# ... and so do the texts of other languages, with PRIu64 as it is here
$(OBJECTS)/catalogues/%.mo: po/%.po
	@mkdir -p $(@D)
	msgfmt --check --check-format -o /dev/null $<
	u64=$$(printf '#include <inttypes.h>\nPRIu64\n' | $(CC) -E -P - | \
	    tail -n 1 | tr -d ' "') && \
	    sed "s/%<PRIu64>/%$$u64/g" $< | msgfmt --no-hash -o $@ -
$(OBJECTS)/include/catalogues.h: $(languages:%=$(OBJECTS)/catalogues/%.mo) \
    tools/embed
	@mkdir -p $(@D)
	tools/embed $(filter %.mo,$^) >$@.tmp
	echo '#define CATALOGUES(X) $(foreach l,$(languages),X($(l)))' >>$@.tmp
	mv $@.tmp $@
$(call objects,core/catalogue.c): $(OBJECTS)/include/catalogues.h

$(libdossier): $(call objects,$(core_sources))
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcsD $@ $^

$(BUILD)/bin/dossier: $(call objects,$(wildcard dispatch/*.c)) $(libdossier)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/bin/dossier-collector: libs = $(call pkg_libs,$(collector_packages))
$(BUILD)/bin/dossier-packer: libs = $(call pkg_libs,$(packer_packages))
define program_rule
$(BUILD)/bin/dossier-$(1): $(call objects,$(call program_sources,$(1))) \
    $(libdossier)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(ALL_LDFLAGS) -o $$@ $$^ $$(libs) $$(core_libs)
endef
$(foreach p,$(programs),$(eval $(call program_rule,$(p))))

# --- the verifier as one file -------------------------------------------------

# static-tests puts the other programs beside it, for
# BUILD=build/static tests/run NAME...
.PHONY: static-verifier static-tests
static-tests: all simulator static-verifier
	cp $(BUILD)/bin/dossier $(BUILD)/bin/dossier-collector \
	    $(BUILD)/bin/dossier-packer $(BUILD)/bin/dossier-simulator \
	    $(BUILD)/static/bin
	ln -sfn ../share $(BUILD)/static/share
	ln -sfn ../tools $(BUILD)/static/tools
	ln -sfn ../tests $(BUILD)/static/tests
static-verifier: $(BUILD)/static/bin/dossier-verifier
# yajl_s is Debian's name of the archive
$(BUILD)/static/bin/dossier-verifier: \
    $(call objects,$(call program_sources,verifier)) $(libdossier)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(patsubst -pie,-static-pie,$(ALL_LDFLAGS)) -o $@ $^ \
	    $(patsubst -lyajl,-lyajl_s,$(call pkg_libs,--static $(core_packages)))

# --- tests ------------------------------------------------------------------

simulator: $(BUILD)/bin/dossier-simulator
$(BUILD)/bin/dossier-simulator: $(call objects,$(wildcard tests/simulator/*.c))
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
	    $(call pkg_libs,libmicrohttpd libcrypto)

hostile: $(BUILD)/bin/dossier-hostile
$(BUILD)/bin/dossier-hostile: $(call objects,$(wildcard tests/hostile/*.c))
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ \
	    $(call pkg_libs,libssl libcrypto)

# A unit test may look inside the programs: their objects without main.
program_parts := $(call objects,$(filter-out %/main.c, \
	$(foreach p,$(programs),$(call program_sources,$(p)))))
# There are many of them, and gold takes half the time that bfd does.
test_linker := $(if $(shell command -v ld.gold),-fuse-ld=gold)
define test_rule
$(BUILD)/tests/$(1): $(call objects,$(2)/$(1).c) $(call objects,$(test_support)) \
    $(program_parts) $(libdossier)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $(test_linker) $$(ALL_LDFLAGS) -o $$@ $$^ $(3) \
	    $$(call pkg_libs,cmocka $(collector_packages)) $$(core_libs)
endef
$(foreach t,$(unit_tests),$(eval $(call test_rule,$(t),tests/unit,)))
$(foreach t,$(fuzz_targets),$(eval $(call test_rule,$(t),tests/fuzz,)))
$(foreach t,$(long_tests),$(eval $(call test_rule,$(t),tests/long,)))
# What dossier collect is compared with: libcurl and nothing else.
$(BUILD)/tests/loop: tests/bench/loop.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
	    $(call pkg_libs,libcurl)
# What pack and verify are compared with: the libraries and nothing else.
$(BUILD)/tests/floor: tests/bench/floor.c
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
	    -ldeflate $(call pkg_libs,zlib libcrypto)
# Pages of verbs get their options from --help.
man_pages := $(patsubst docs/man/%,$(BUILD)/share/man/%, \
	$(wildcard docs/man/*.[15]))
$(BUILD)/share/man/%: docs/man/% tools/man-page $(BUILD)/bin/dossier \
    $(programs:%=$(BUILD)/bin/dossier-%)
	@mkdir -p $(@D)
	tools/man-page $(BUILD)/bin/dossier $< >$@.tmp
	mv $@.tmp $@
man: $(man_pages)

# What completes verbs and options in shells, of the same tables
completions := $(patsubst %,$(BUILD)/share/completion/dossier.%,bash zsh fish)
$(BUILD)/share/completion/dossier.%: tools/completion $(BUILD)/bin/dossier \
    $(programs:%=$(BUILD)/bin/dossier-%)
	@mkdir -p $(@D)
	tools/completion $(BUILD)/bin/dossier $* >$@.tmp
	mv $@.tmp $@

# The schemas of records follow from their tables: `make schemas` after a change.
$(BUILD)/tools/schemas: $(call objects,tools/schemas.c) $(libdossier)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(core_libs)
schemas: $(BUILD)/tools/schemas
	for name in $$($<); do $< $$name \
	    >docs/schemas/$$name.schema.json || exit; done

# What LD_PRELOAD puts between a program and its calls
$(BUILD)/tests/calls.so: tests/faults/calls.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -O2 -g -shared -fPIC -o $@ $<

tests: all man $(completions) simulator hostile $(BUILD)/tools/schemas $(BUILD)/tests/calls.so \
    $(unit_tests:%=$(BUILD)/tests/%) \
    $(fuzz_targets:%=$(BUILD)/tests/%)

check-unit: tests
	BUILD=$(BUILD) tests/run --unit
check-cli: tests
	BUILD=$(BUILD) tests/run --cli
# the pages in Chromium; wants chromium, node and npm
.PHONY: check-browser
check-browser: all simulator
	BUILD=$(BUILD) tests/browser/run

check:
	@tools/install-deps check
	tests/check

# Hours: docs/LONG-RUNS.md has the last results.
check-long: all simulator hostile $(BUILD)/tests/calls.so $(long_tests:%=$(BUILD)/tests/%)
	BUILD=$(BUILD) tests/long/run $(LONG)

demo:
	@tools/install-deps
	tests/demo

bench: all simulator $(BUILD)/tests/loop \
    $(if $(filter 0,$(WITH_LIBDEFLATE)),,$(BUILD)/tests/floor)
	BUILD=$(BUILD) tests/bench/bench $(BENCH)
	BUILD=$(BUILD) tests/bench/collecting

lint:
	tools/lint

# for tools/lint
print-warnings:
	@echo '$(WARNINGS)'

install: all man $(completions)
	install -d $(DESTDIR)$(BINDIR) \
	    $(DESTDIR)$(DATADIR)/dossier/connectors \
	    $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man5
	install $(BUILD)/bin/dossier $(programs:%=$(BUILD)/bin/dossier-%) \
	    $(DESTDIR)$(BINDIR)
	install -m 644 $(wildcard collector/connectors/*.json) \
	    $(DESTDIR)$(DATADIR)/dossier/connectors
	install -d $(DESTDIR)$(DATADIR)/dossier/schemas
	install -m 644 $(wildcard docs/schemas/*.json) \
	    $(DESTDIR)$(DATADIR)/dossier/schemas
	for page in $(man_pages); do install -m 644 $$page \
	    $(DESTDIR)$(MANDIR)/man$${page##*.} || exit; done
	install -D -m 644 $(BUILD)/share/completion/dossier.bash \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions/dossier
	install -D -m 644 $(BUILD)/share/completion/dossier.zsh \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions/_dossier
	install -D -m 644 $(BUILD)/share/completion/dossier.fish \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/dossier.fish

clean:
	rm -rf $(BUILD)

-include $(shell find $(sort $(BUILD)/obj $(OBJECTS)/obj) -name '*.d' 2>/dev/null)
