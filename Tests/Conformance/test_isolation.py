"""What keeps pools apart, seen from outside: users, homes, environment, groups, and what happens where one has none."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import unittest
from pathlib import Path

from instance import BINARIES, PATIENCE, Instance, wait_until

RESERVED = range(2_100_000_000, 2_101_000_000)
HOSTELRY = BINARIES / "hostelry"


def status(pid):
    """The fields of /proc/PID/status."""
    lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
    return {name: value.split() for name, value in (line.split(":", 1) for line in lines)}


def users(pid):
    """Real, effective, saved and file system user."""
    return {int(number) for number in status(pid)["Uid"]}


def environment(pid):
    text = (Path("/proc") / str(pid) / "environ").read_text()
    return dict(variable.split("=", 1) for variable in text.split("\0") if variable)


class IsolationCase(unittest.TestCase):
    def instance(self, pools, names=None, **named):
        """One site for each pool name; its host is `<pool>.test`."""
        instance = Instance(**named)
        self.addCleanup(instance.clean)
        names = names or ["One", "Two"]
        instance.configure(
            "".join(instance.site(name, number + 1, host=f"{name.lower()}.test", pool=name)
                    for number, name in enumerate(names)), pools)
        return instance

    def worker(self, instance, name):
        """Has the pool serve a page; its worker."""
        before = set(instance.pid("hostelry-worker"))
        self.assertEqual(instance.get("/", host=f"{name.lower()}.test"), (200, "the page"))
        worker, = set(instance.pid("hostelry-worker")) - before
        return worker


@unittest.skipUnless(os.geteuid() == 0, "only root can give pools users of their own")
class AsRoot(IsolationCase):
    def test_each_pool_and_the_router_have_a_user_of_their_own(self):
        instance = self.instance('<add name="One"/><add name="Two"/>').serve()
        one, two = self.worker(instance, "One"), self.worker(instance, "Two")
        router, = instance.pid("hostelry-router")
        found = [users(pid) for pid in (one, two, router)]
        for user in found:
            self.assertEqual(len(user), 1)
            self.assertIn(*user, RESERVED)
        self.assertEqual(len(set.union(*found)), 3)
        for pid in (one, two, router):
            self.assertEqual(status(pid)["Groups"], [])
            self.assertEqual(status(pid)["NoNewPrivs"], ["1"])
            self.assertEqual(int(status(pid)["CapEff"][0], 16), 0)
        instance.stop()

    def test_the_programs_may_lie_where_no_pool_gets(self):
        instance = self.instance('<add name="One"/><add name="Two"/>')
        instance.programs = instance.path / "programs"
        instance.programs.mkdir()
        for name in ["hostelry", "hostelry-router", "hostelry-worker"]:
            shutil.copy(BINARIES / name, instance.programs / name)
        instance.programs.chmod(0o700)
        instance.serve()
        worker = self.worker(instance, "One")
        self.assertEqual((Path("/proc") / str(worker) / "comm").read_text(), "hostelry-worker\n")
        instance.stop()

    def test_the_router_cannot_be_looked_into(self):
        instance = self.instance('<add name="One"/><add name="Two"/>').serve()
        router, = instance.pid("hostelry-router")
        # What is not dumpable belongs to root in /proc.
        self.assertEqual((Path("/proc") / str(router) / "environ").stat().st_uid, 0)
        instance.stop()

    def test_a_home_is_its_pools_alone_and_its_environment_says_where_it_is(self):
        instance = self.instance(
            '<add name="One"><environmentVariables><add name="COLOUR" value="blue"/><add name="LANG" value="de_DE.UTF-8"/>'
            '<add name="HOSTELRY_SECRET" value="x"/><add name="SWIFT_BACKTRACE" value="enable=yes"/>'
            '</environmentVariables></add><add name="Two"/>').serve()
        one, two = self.worker(instance, "One"), self.worker(instance, "Two")
        homes = instance.state / "homes"
        user, = users(one)
        self.assertEqual(stat.S_IMODE((homes / "one").stat().st_mode), 0o700)
        self.assertEqual((homes / "one").stat().st_uid, user)
        variables = environment(one)
        self.assertEqual(variables["HOME"], str(homes / "one"))
        self.assertEqual(variables["USER"], "One")
        self.assertEqual(variables["TMPDIR"], str(homes / "one" / "tmp"))
        self.assertEqual((homes / "one" / "tmp").stat().st_uid, user)
        self.assertEqual((variables["COLOUR"], variables["LANG"]), ("blue", "de_DE.UTF-8"))
        self.assertNotIn("HOSTELRY_SECRET", variables)
        self.assertEqual(variables["SWIFT_BACKTRACE"], "enable=no")
        self.assertEqual(os.readlink(f"/proc/{one}/cwd"), str(homes / "one"))
        (homes / "one" / "secret").write_text("secret")
        other, = users(two)
        for path in (homes / "one" / "secret", homes, instance.state / "pool-users"):
            seen = subprocess.run(["cat" if path.is_file() else "ls", path], user=other, group=other, extra_groups=[],
                                  capture_output=True, timeout=PATIENCE)
            self.assertNotEqual(seen.returncode, 0, path)
        instance.stop()

    def test_a_pool_keeps_its_user_for_ever(self):
        instance = self.instance('<add name="One"/><add name="Two"/>').serve()
        one, two = users(self.worker(instance, "One")), users(self.worker(instance, "Two"))
        instance.stop()
        record = instance.state / "pool-users"
        before = record.read_text()
        record.write_text(before + "21000")
        instance.configure(
            "".join(instance.site(name, number + 1, host=f"{name.lower()}.test", pool=name)
                    for number, name in enumerate(["Two", "Three", "One"])),
            '<add name="Two"/><add name="Three"/><add name="ONE"/>')
        instance.serve()
        three = users(self.worker(instance, "Three"))
        self.assertEqual((users(self.worker(instance, "One")), users(self.worker(instance, "Two"))), (one, two))
        self.assertEqual(len(one | two | three), 3)
        instance.stop()
        self.assertTrue(record.read_text().startswith(before + "21000!\n"))

    def test_what_was_lost_is_read_from_the_homes(self):
        instance = self.instance('<add name="One"/><add name="Two"/>').serve()
        one, two = users(self.worker(instance, "One")), users(self.worker(instance, "Two"))
        instance.stop()
        (instance.state / "pool-users").unlink()
        instance.serve()
        self.assertEqual((users(self.worker(instance, "Two")), users(self.worker(instance, "One"))), (two, one))
        instance.stop()

    def test_a_damaged_record_is_refused_with_its_line(self):
        instance = self.instance('<add name="One"/><add name="Two"/>')
        instance.state.mkdir(mode=0o711)
        (instance.state / "pool-users").write_text("2100000000 pool one\nnonsense\n2100000002 pool two\n")
        instance.start()
        self.assertIn("pool-users:2:", instance.event("server-cannot-start")["text"])
        self.assertEqual(instance.ended(), 1)

    def test_a_specific_user_with_its_groups(self):
        instance = self.instance(
            '<add name="One"><processModel identityType="SpecificUser" userName="nobody"/></add><add name="Two"/>')
        instance.serve()
        one = self.worker(instance, "One")
        account = pwd.getpwnam("nobody")
        self.assertEqual(users(one), {account.pw_uid})
        self.assertEqual({int(number) for number in status(one)["Gid"]}, {account.pw_gid})
        self.assertEqual({int(number) for number in status(one)["Groups"]},
                         set(os.getgrouplist("nobody", account.pw_gid)))
        self.assertEqual(environment(one)["USER"], "nobody")
        self.assertEqual(environment(one)["HOME"], str(instance.state / "homes" / "one@nobody"))
        instance.stop()

    def test_network_service_and_local_service_are_accounts_of_our_own(self):
        instance = self.instance(
            '<add name="One"><processModel identityType="NetworkService"/></add>'
            '<add name="Two"><processModel identityType="LocalService"/></add>').serve()
        one, two = users(self.worker(instance, "One")), users(self.worker(instance, "Two"))
        self.assertEqual(len(one | two), 2)
        self.assertNotIn(pwd.getpwnam("www-data").pw_uid, one | two)
        instance.stop()

    def test_a_user_that_is_not_there_costs_its_own_pool_only(self):
        instance = self.instance(
            '<add name="One"><processModel identityType="SpecificUser" userName="no-such-user-here"/></add>'
            '<add name="Two"/>').serve()
        self.assertEqual(instance.get("/", host="one.test")[0], 503)
        event = instance.event("pool-unusable")
        self.assertEqual((event["id"], event["object"]), (5057, 'Pool "One"'))
        self.assertIn("no-such-user-here", event["text"])
        self.worker(instance, "Two")
        # Strangers cannot fill the log with it.
        before = instance.count()
        for _ in range(5):
            self.assertEqual(instance.get("/", host="one.test")[0], 503)
        self.assertEqual(instance.count(), before)
        # Put right, it runs.
        instance.configure(
            "".join(instance.site(name, number + 1, host=f"{name.lower()}.test", pool=name)
                    for number, name in enumerate(["One", "Two"])), '<add name="One"/><add name="Two"/>')
        instance.signal(signal.SIGHUP)
        instance.event("configuration-applied")
        wait_until(lambda: instance.get("/", host="one.test")[0] == 200, "the pool runs again")
        instance.stop()

    def test_root_needs_consent(self):
        pools = ('<add name="One"><processModel identityType="LocalSystem"/></add>'
                 '<add name="Two"><processModel identityType="SpecificUser" userName="root"/></add>')
        instance = self.instance(pools).serve()
        for name in ("One", "Two"):
            self.assertEqual(instance.get("/", host=f"{name.lower()}.test")[0], 503)
            event = instance.event("pool-unusable", where=lambda event: name in event["object"])
            self.assertIn("--allow-local-system", event["text"])
        instance.stop()
        instance.start("--allow-local-system")
        instance.event("server-started")
        self.assertEqual(users(self.worker(instance, "One")), {0})
        instance.stop()

    def test_a_home_of_somebody_elses_costs_its_own_pool_only(self):
        instance = self.instance('<add name="One"/><add name="Two"/>')
        (instance.state / "homes").mkdir(parents=True)
        instance.state.chmod(0o711)
        (instance.state / "homes").chmod(0o711)
        target = instance.path / "target"
        target.mkdir()
        (instance.state / "homes" / "one").symlink_to(target)
        instance.serve()
        self.assertEqual(instance.get("/", host="one.test")[0], 503)
        event = instance.event("worker-cannot-start")
        self.assertIn("home", event["text"])
        self.assertEqual(target.stat().st_uid, 0)
        self.worker(instance, "Two")
        instance.stop()

    def test_workers_read_schema_files_that_they_cannot_reach(self):
        instance = self.instance('<add name="One"/><add name="Two"/>')
        schema = instance.write("schema/own_schema.xml", """<configSchema>
            <sectionSchema name="own/section"><attribute name="value" type="int" defaultValue="1"/></sectionSchema>
            </configSchema>""")
        schema.parent.chmod(0o700)
        instance.configuration.chmod(0o600)
        instance.serve()
        self.worker(instance, "One")
        self.assertEqual([event for event in instance.events if event["event"] == "worker-trouble"], [])
        instance.stop()

    def test_a_planted_link_leads_no_log_file_astray(self):
        instance = Instance()
        self.addCleanup(instance.clean)
        tenant = instance.path / "tenant"
        tenant.mkdir()
        target = instance.path / "target"
        target.mkdir()
        os.chown(tenant, 65534, 65534)
        link = tenant / "logs"
        link.symlink_to(target)
        os.chown(link, 65534, 65534, follow_symlinks=False)
        instance.configure(instance.site("Main", 1, more=f'<logFile directory="{link}"/>'))
        instance.serve()
        self.assertEqual(instance.get("/"), (200, "the page"))
        instance.event("log-failed")
        self.assertEqual(list(target.iterdir()), [])
        instance.stop()

    def test_nothing_of_a_worker_outlives_it(self):
        instance = self.instance('<add name="One"/><add name="Two"/>').serve()
        worker = self.worker(instance, "One")
        # A process in the worker's groups and session stands for a child that it would have started.
        groups = [line.split(":", 2) for line in Path(f"/proc/{worker}/cgroup").read_text().splitlines()]
        unified = next((path for number, _, path in groups if number == "0"), None)
        mount = next((line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()
                      if line.split()[2] == "cgroup2"), None)
        if not unified or not mount or "hostelry-" not in unified:
            self.skipTest("no control groups here")
        child = subprocess.Popen(["sleep", "300"], start_new_session=True)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        Path(f"{mount}{unified}/cgroup.procs").write_text(str(child.pid))
        os.kill(worker, signal.SIGKILL)
        self.assertEqual(child.wait(PATIENCE), -signal.SIGKILL)
        self.worker(instance, "One")
        instance.stop()
        self.assertFalse(Path(f"{mount}{unified}").exists())

    def test_which_limits_hold_is_said_once(self):
        instance = self.instance('<add name="One"/><add name="Two"/>').serve()
        self.worker(instance, "One")
        instance.stop()
        said = [event for event in instance.events if event["event"] == "limit-mechanism"]
        self.assertEqual(len(said), 1)

    def test_a_32_bit_pool_says_what_it_lacks_once(self):
        instance = self.instance('<add name="One" enable32BitAppOnWin64="true"/><add name="Two"/>').serve()
        worker = self.worker(instance, "One")
        os.kill(worker, signal.SIGKILL)
        instance.event("worker-crashed")
        self.assertEqual(instance.get("/", host="one.test")[0], 200)
        instance.stop()
        said = [event for event in instance.events if event["event"] == "pool-without-32-bit"]
        self.assertEqual([event["object"] for event in said], ['Pool "One"'])


@unittest.skipUnless(os.geteuid() == 0, "only root can give pools users of their own")
class Commands(IsolationCase):
    def setUp(self):
        self.host = self.instance('<add name="One"/><add name="Two"/>')

    def run_command(self, *arguments):
        return subprocess.run(
            [HOSTELRY, "pool", *arguments, "--config", self.host.configuration, "--state", self.host.state],
            capture_output=True, text=True, timeout=PATIENCE)

    def test_a_pool_is_what_it_would_be(self):
        prospect = json.loads(self.run_command("user", "one", "--json").stdout)
        self.assertEqual(prospect["home"], str(self.host.state / "homes" / "one"))
        self.host.serve()
        router, = self.host.pid("hostelry-router")
        worker = self.worker(self.host, "One")
        known = json.loads(self.run_command("user", "ONE", "--json").stdout)
        self.assertEqual(({known["user"]}, known["name"]), (users(worker), "One"))
        self.assertNotIn(known["user"], users(router))
        self.host.stop()
        missing = self.run_command("user", "Three")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("Three", missing.stderr)

    def test_a_pool_reads_what_it_was_granted(self):
        content = self.host.path / "content"
        secret = self.host.write("outside/secret", "secret")
        secret.chmod(0o600)
        content.chmod(0o700)
        (content / "index.html").chmod(0o600)
        (content / "link").symlink_to(secret)
        os.mkfifo(content / "pipe")
        trial = self.run_command("grant", "One", str(content), "--read", "--dry-run")
        self.assertEqual(trial.returncode, 0, trial.stderr)
        self.host.serve()
        self.assertNotEqual(self.host.get("/", host="one.test")[0], 200)
        granted = self.run_command("grant", "One", str(content), "--read")
        self.assertEqual(granted.returncode, 0, granted.stderr)
        self.assertIn("pipe", granted.stderr)
        wait_until(lambda: self.host.get("/", host="one.test")[0] == 200, "the pool reads its content")
        self.assertNotEqual(self.host.get("/", host="two.test")[0], 200)
        user = json.loads(self.run_command("user", "One", "--json").stdout)["user"]

        def can(*command):
            return subprocess.run(command, user=user, group=user, extra_groups=[], capture_output=True,
                                  timeout=PATIENCE).returncode == 0
        self.assertFalse(can("cat", secret))
        self.assertFalse(can("touch", content / "new"))
        later = self.host.write("content/later/page.html", "later")
        self.assertTrue(can("cat", later))
        self.assertEqual(self.run_command("grant", "One", str(content)).returncode, 0)
        self.assertTrue(can("touch", content / "new"))
        self.host.stop()

    def test_a_folder_above_that_cannot_be_passed_is_named(self):
        inner = self.host.write("closed/inner/page.html", "page").parent
        inner.parent.chmod(0o700)
        granted = self.run_command("grant", "One", str(inner))
        self.assertEqual(granted.returncode, 1)
        self.assertIn(f"'{inner.parent}'", granted.stderr)

    def check(self):
        return subprocess.run(
            [HOSTELRY, "check", "--config", self.host.configuration, "--state", self.host.state],
            capture_output=True, text=True, timeout=PATIENCE)

    def test_content_that_a_pool_cannot_reach_is_told_before_a_request_finds_out(self):
        content = self.host.path / "content"
        self.assertNotIn("cannot", self.check().stdout)
        content.chmod(0o700)
        told = self.check()
        self.assertEqual(told.returncode, 0, told.stdout)
        self.assertIn(f"warning: application \"One/\": The user of the pool \"One\" cannot read {content};", told.stdout)
        self.assertEqual(self.run_command("grant", "One", str(content), "--read").returncode, 0)
        told = self.check().stdout
        self.assertNotIn('the pool "One"', told)
        self.assertIn('the pool "Two"', told)
        content.chmod(0o755)
        self.host.path.chmod(0o700)
        self.assertIn(f"cannot pass through {self.host.path}; type: setfacl", self.check().stdout)


class AsOrdinaryUser(IsolationCase):
    def test_everything_runs_as_the_user_and_is_told_so(self):
        user = "nobody" if os.geteuid() == 0 else None
        instance = self.instance('<add name="One"/><add name="Two"/>', user=user).serve()
        instance.event("pools-not-isolated")
        expected = pwd.getpwnam(user).pw_uid if user else os.geteuid()
        self.assertEqual(users(self.worker(instance, "One")), {expected})
        self.assertEqual((instance.state / "homes" / "one").stat().st_uid, expected)
        instance.stop()


if __name__ == "__main__":
    unittest.main()
