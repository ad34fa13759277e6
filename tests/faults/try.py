#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""try.py --build DIR [--every N] [--how HOW[/N],...] [SCENE]...

Runs a program over and over; each time the next of its calls (or every Nth)
fails, does half of its work, or is where the program is killed or a file that
it reads changes (tests/faults/calls.c). Whatever happens, no output may stand under its name but
a whole one, nothing may be left beside it, and success must be true. Prints one
line for each scene and way; exit status 1 when one was not as it must be.
"""
import argparse
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

KILLS = ("kill", "killed", "torn")
CHANGES = ("shrink", "grow", "rewrite")
HOWS = KILLS + ("short", "ENOSPC", "EIO", "EINTR", "EDQUOT", "malloc")
PATIENCE = 60  # seconds
HUNG = -100
# exit statuses of what is no file's fault; those of refused memory (a thread that
# finds none for its stack is refused by the system, not by malloc)
ENVIRONMENT = (10, 11, 13)
REFUSED = (10, 11)
DRAWN = ["--id", "5f0a1c1e-6d4b-4c7e-9a55-0123456789ab"]


class Scene:
    """A program, its output, and what may be there afterwards."""

    status = 0  # without a fault
    hows = HOWS  # that it is for
    every = 1  # call, or not so many

    def __init__(self, place, build):
        self.place = place
        self.build = pathlib.Path(build).resolve()
        self.key = place / "k.key"
        self.trust = ["--trust", str(place / "k.pub"), "-q"]
        self.env = dict(os.environ, HOME=str(place),
                        TMPDIR=str(place / "tmp"), SOURCE_DATE_EPOCH="1527000000")

    def tool(self, *words):
        return subprocess.run([self.build / "bin/dossier", *words],
                              env=self.env, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)

    def must(self, *words):
        done = self.tool(*words)
        if done.returncode != 0:
            sys.exit("%s: %s" % (" ".join(map(str, words)),
                                 done.stderr.decode()))

    def attempt(self, **fault):
        """Exit status of the program (negative: killed)."""
        env = dict(self.env, LD_PRELOAD=str(self.build / "tests/calls.so"))
        env.update(("FAULT_" + k.upper(), str(v)) for k, v in fault.items())
        try:
            done = subprocess.run(
                [self.build / "bin" / self.program, *self.words], env=env,
                stdin=subprocess.DEVNULL, capture_output=True, check=False,
                timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return HUNG
        self.said = done.stdout
        return done.returncode

    def clean(self):
        shutil.rmtree(self.place / "out", ignore_errors=True)
        shutil.rmtree(self.place / "tmp", ignore_errors=True)
        (self.place / "out").mkdir()
        (self.place / "tmp").mkdir()

    def calls(self, names):
        self.clean()
        count = self.place / "count"
        status = self.attempt(calls=names, count=count)
        if status != self.status or self.wrong(status):
            sys.exit("%s: %d without a fault" % (self.name, status))
        return int(count.read_text())

    def end(self):
        pass

    def missed(self):
        """What should have come of one of its faults, and did not."""
        return []

    def left(self, killed):
        """Names beside the output; a kill may leave a temporary one."""
        names = [p.name for p in (self.place / "out").iterdir()
                 if p.name != self.output.name]
        names += ["tmp/" + p.name for p in (self.place / "tmp").iterdir()]
        return [n for n in names
                if not (killed and n.startswith(".dossier-"))]


class Pack(Scene):
    name, program = "pack", "dossier-packer"
    extra = ["--jobs", "1"]

    @property
    def opened(self):
        """The archive, when whole() has looked at it."""
        return self.output

    def prepare(self):
        folder = self.place / "in"
        folder.mkdir()
        (folder / "a").write_text("a document\n")
        (folder / "b").write_text("".join("%d\n" % i for i in range(300)))
        (folder / "empty").write_text("")
        (folder / "large").write_bytes(
            b"".join(b"%d," % (i * i) for i in range(160000)))
        (folder / "noise").write_bytes(os.urandom(1100000))
        secret = self.place / "secret"
        secret.write_text("5" * 64 + "\n")
        secret.chmod(0o600)
        self.output = self.place / "out" / "a.zip"
        self.words = ["pack", folder, "-o", self.output, "--key", self.key,
                      "--secret-file", secret, "--no-progress", *DRAWN,
                      *self.extra]
        self.clean()
        self.must(*self.words)
        self.wanted = self.output.read_bytes()

    def whole(self):
        return self.output.read_bytes() == self.wanted

    def wrong(self, status):
        if not self.output.exists():
            return "no output" if status in (0, 3) else None
        if self.whole():
            return None
        if status != 3:
            return "another output, exit status %d" % status
        # a file that could not be read is a gap, and is said to be one
        seen = self.tool("verify", self.opened, *self.trust).returncode
        return None if seen == 0 else "verify: %d" % seen


class PackThreads(Pack):
    name, extra = "pack --jobs 3", ["--jobs", "3"]


class PackStored(Pack):
    name, extra = "pack --level 0", ["--level", "0", "--jobs", "1"]


class PackChanging(Pack):
    """A large file changes meanwhile: it is a gap, or there as it was before or
    after, and all that stands behind it is there as it is."""

    name, hows, changing = "pack of a file that changes", CHANGES, "changing"
    gaps = 0

    def prepare(self):
        super().prepare()
        folder = self.place / "in"
        # of each kind one that changes, and one that comes after it
        (folder / "changing").write_bytes(b"%09d\n" % 7 * 150000)
        (folder / "changing-noise").write_bytes(os.urandom(1500000))
        self.before = {p.name: p.read_bytes() for p in folder.iterdir()}
        self.env["FAULT_FILE"] = str(folder / self.changing)

    def clean(self):
        super().clean()
        if hasattr(self, "before"):
            (self.place / "in" / self.changing).write_bytes(
                self.before[self.changing])

    def content(self):
        """({name: bytes}, [(name, reason)]) of the archive."""
        with zipfile.ZipFile(self.output) as archive:
            bag = archive.namelist()[0].partition("/")[0]

            def records(name):
                lines = archive.read("%s/dossier/%s.jsonl" % (bag, name))
                return [json.loads(line) for line in lines.splitlines()]

            documents = {r["name"]: archive.read(bag + "/" + r["path"])
                         for r in records("documents")}
            gaps = [(r["name"], r["reason"]) for r in records("gaps")]
        return documents, gaps

    def wrong(self, status):
        if status not in (0, 3):
            return "exit status %d" % status
        seen = self.tool("verify", self.output, *self.trust).returncode
        if seen != 0:
            return "verify: %d" % seen
        wanted = dict(self.before)
        old = wanted.pop(self.changing)
        now = (self.place / "in" / self.changing).read_bytes()
        documents, gaps = self.content()
        there = documents.pop(self.changing, None)
        if documents != wanted:
            return "another document is not as it is"
        if status == 3:
            self.gaps += 1
            return None if there is None and gaps == [
                (self.changing, "changed-while-read")] else "another gap"
        return None if not gaps and there in (old, now) else "a mixture"

    def missed(self):
        return [] if self.gaps else ["it never changed while it was read"]


class PackChangingNoise(PackChanging):
    """One that is stored."""

    name, changing = "pack of noise that changes", "changing-noise"


class PackCase(Pack):
    """Of a case, which is SQLite: collected from the simulator."""

    name = "pack of a case"
    connector = "azureml-experimentation"

    def serve(self):
        return subprocess.Popen(
            [self.build / "bin/dossier-simulator", "--state",
             self.place / "state", "--runs", "1", "--models", "1",
             "--lifetime-s", "300"], stdout=subprocess.PIPE, text=True)

    def prepare(self):
        super().prepare()
        with self.serve() as service:
            try:
                self.must(*self.collection(self.place / "case", service))
            finally:
                service.terminate()
        self.must("add", self.place / "case", self.place / "in/large",
                  "--source", "HR")
        self.words[1] = self.place / "case"
        self.clean()
        self.must(*self.words)
        self.wanted = self.output.read_bytes()

    def collection(self, case, service):
        """The words that make the case of what the service has."""
        state, port = self.place / "state", service.stdout.readline().split()[1]
        said = json.loads(
            (state / "simulator.json").read_text())["parameters"]
        parameters = [word for name in
                      ("subscriptionId", "resourceGroupName", "location",
                       "accountName", "workspaceName", "projectName")
                      for word in ("--param", "%s=%s" % (name, said[name]))]
        return ["collect", case, "--connector", self.connector, *parameters,
                "--identity", "objectId=" + said["objectId"], "--credential",
                "arm-token=file:%s" % (state / "token"), "--ca-file",
                state / "ca.pem", "--connect-to", "::127.0.0.1:" + port,
                "--no-progress"]


class Collect(PackCase):
    """Whatever a run was refused, the next one makes the case that it would be:
    nothing wrong was written."""

    name, program, hows = "collect", "dossier-collector", ("malloc",)
    every = 101  # its calls are many, and two runs follow from each

    def prepare(self):
        # glibc 2.36: regcomp frees twice what it was refused memory for
        described = json.loads(
            pathlib.Path("collector/connectors", self.connector + ".json")
            .read_text())
        for one in described["connector_params"] + described["identities"]:
            one.pop("pattern", None)
        self.connector = self.place / "connector.json"
        self.connector.write_text(json.dumps(described))
        self.output = self.place / "out" / "case"
        self.service = self.serve()
        self.words = self.collection(self.output, self.service)
        self.clean()
        self.must(*self.words)
        self.wanted = self.content()

    def end(self):
        self.service.terminate()
        self.service.communicate()

    def content(self):
        case = sqlite3.connect(self.output / "case.db")
        try:
            return [case.execute(query).fetchall() for query in (
                "SELECT n.number, sha256, size, extension, item_id, media_type,"
                " name, source_url FROM document_number n JOIN document d ON"
                " d.id = n.document ORDER BY 1",
                "SELECT reason, name FROM gap ORDER BY 1, 2",
                "SELECT endpoint, state, params, next FROM task ORDER BY 1, 3",
                "SELECT name, exchanges, documents FROM endpoint ORDER BY 1")]
        finally:
            case.close()

    def wrong(self, status):
        if status in REFUSED:
            status = self.tool(*self.words).returncode
        if status != 0:
            return "exit status %d" % status
        return None if self.content() == self.wanted else "another case"


class PackAge(Pack):
    name = "pack --recipient"

    @property
    def opened(self):
        return self.place / "opened.zip"

    def prepare(self):
        super().prepare()
        made = subprocess.run(["age-keygen", "-o", self.place / "who"],
                              check=True, capture_output=True)
        recipient = made.stderr.decode().split()[-1]
        self.plain = self.wanted
        self.output = self.place / "out" / "a.zip.age"
        self.words[3] = self.output
        self.words += ["--recipient", recipient]

    def whole(self):
        self.opened.unlink(missing_ok=True)
        self.tool("decrypt", self.output, "-o", self.opened,
                  "--identity-file", self.place / "who")
        return self.opened.exists() and self.opened.read_bytes() == self.plain


class Decrypt(PackAge):
    name, program = "decrypt", "dossier-verifier"

    def prepare(self):
        super().prepare()
        self.clean()
        self.must(*self.words)
        self.output.rename(self.place / "a.age")
        self.output = self.place / "out" / "a.zip"
        self.words = ["decrypt", self.place / "a.age", "-o", self.output,
                      "--identity-file", self.place / "who"]

    def whole(self):
        return self.output.read_bytes() == self.plain


class Stamp(Pack):
    name, program = "stamp", "dossier-collector"

    def prepare(self):
        super().prepare()
        tsa = self.tsa = self.place / "tsa"
        subprocess.run(["tests/support/make-tsa", tsa], check=True,
                       capture_output=True)
        query, reply = self.place / "query", self.place / "reply"
        self.must("stamp", self.output, "--query-out", query)
        subprocess.run(["openssl", "ts", "-reply", "-config",
                        tsa / "ec/tsa.cnf", "-queryfile", query, "-out",
                        reply], check=True, capture_output=True)
        # the system's roots are hundreds, and read in the same way
        self.words = ["stamp", self.output, "--query", query, "--reply-in",
                      reply, "--ca-file", tsa / "ec/root.pem"]
        self.old = self.wanted
        self.must(*self.words)
        self.wanted = self.output.read_bytes()

    def clean(self):
        super().clean()
        if hasattr(self, "old"):
            self.output.write_bytes(self.old)

    def wrong(self, status):
        now = self.output.read_bytes()
        if now == self.wanted or (now == self.old and status != 0):
            return None
        return "neither the old file nor the new one"


class Verify(Stamp):
    """Of a good archive: the same verdict in the same words, or none."""

    name, program = "verify", "dossier-verifier"

    def prepare(self):
        super().prepare()
        del self.old  # nothing is replaced here
        archive = self.place / "a.zip"
        self.output.rename(archive)
        self.change(archive)
        self.words = ["verify", archive, "--trust", self.place / "k.pub",
                      "--tsa-ca", self.tsa / "ec/root.pem", "--jobs", "2"]
        done = self.tool(*self.words)
        if done.returncode != self.status:
            sys.exit("verify: %d" % done.returncode)
        self.wanted = done.stdout

    def change(self, archive):
        pass

    def wrong(self, status):
        if status < 0 or status in ENVIRONMENT:
            return None
        if status != self.status:
            return "exit status %d" % status
        return None if self.said == self.wanted else "another verdict"


class VerifyChanged(Verify):
    """A byte of a document is another one."""

    name, status = "verify of a changed archive", 1

    def change(self, archive):
        data = bytearray(archive.read_bytes())
        data[len(data) // 2] ^= 1
        archive.write_bytes(data)


SCENES = [Pack, PackThreads, PackStored, PackChanging, PackChangingNoise,
          PackCase, Collect, PackAge, Decrypt, Stamp, Verify, VerifyChanged]


def try_all(scene, how, every):
    """(calls, tried, of them with the same exit status, what went wrong)"""
    names = {"malloc": "malloc", "torn": "write", "short": "read,write",
             **dict.fromkeys(CHANGES, "read")}.get(how, "all")
    word = "ENOMEM" if how == "malloc" else how
    total, bad, tried, well = scene.calls(names), [], 0, 0
    for at in range(1, total + 1, every):
        scene.clean()
        status = scene.attempt(calls=names, at=at, how=word)
        tried += 1
        well += status == scene.status
        killed = how in KILLS and status < 0
        wrong = None
        if status < 0 and not killed:
            wrong = "ended by signal %d" % -status
        if status == HUNG:
            wrong = "does not end"
        if how == "malloc" and status not in (scene.status, *REFUSED):
            wrong = "exit status %d" % status
        wrong = wrong or scene.wrong(status)
        left = scene.left(killed)
        if wrong or left:
            bad.append("%s %d: %s" % (how, at, wrong or "left: %s" % left))
    bad += scene.missed()
    return total, tried, well, bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--how", default=",".join(HOWS + CHANGES))
    parser.add_argument("scene", nargs="*")
    args = parser.parse_args()
    failed = False
    print("| what | fault | calls | tried | as without | as it must be |")
    print("|---|---|---|---|---|---|", flush=True)
    for kind in SCENES:
        if args.scene and kind.name.replace(" ", "") not in args.scene:
            continue
        with tempfile.TemporaryDirectory() as folder:
            scene = kind(pathlib.Path(folder), args.build)
            scene.clean()
            scene.must("keygen", "-o", scene.place / "k", "--no-passphrase")
            scene.prepare()
            for word in args.how.split(","):
                how, _, every = word.partition("/")
                if how not in kind.hows:
                    continue
                every = max(kind.every, int(every or args.every))
                total, tried, well, bad = try_all(scene, how, every)
                print("| %s | %s | %d | %d | %d | %d |" % (
                    kind.name, how, total, tried, well, tried - len(bad)),
                      flush=True)
                for line in bad[:10]:
                    print("%s: %s" % (kind.name, line), file=sys.stderr)
                failed = failed or bool(bad)
            scene.end()
    sys.exit(failed)


if __name__ == "__main__":
    main()
