"""remote_worker.py PORT NAME FOLDER: a worker for a Remote Execution API server on this machine.

Asks BuildGrid at 127.0.0.1:PORT for actions and runs them one after another, with their inputs in a folder of their
own below FOLDER. Prints the worker's name and the exit code of every action. BuildGrid's wheel, whose Python runs this,
has the messages of the protocol but no worker. There is no sandbox, no limit and no update of the session while a
command runs: this is for remote_execution.sh, not for use.
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import uuid

import grpc
from buildgrid._protos.build.bazel.remote.execution.v2.remote_execution_pb2 import (
    Action,
    ActionResult,
    Command,
    Digest,
    Directory,
)
from buildgrid._protos.google.bytestream.bytestream_pb2 import ReadRequest, WriteRequest
from buildgrid._protos.google.bytestream.bytestream_pb2_grpc import ByteStreamStub
from buildgrid._protos.google.devtools.remoteworkers.v1test2.bots_pb2 import (
    BotSession,
    BotStatus,
    CreateBotSessionRequest,
    Lease,
    LeaseState,
    UpdateBotSessionRequest,
)
from buildgrid._protos.google.devtools.remoteworkers.v1test2.bots_pb2_grpc import BotsStub
from buildgrid._protos.google.devtools.remoteworkers.v1test2.worker_pb2 import Device, Worker
from buildgrid._protos.google.rpc.code_pb2 import INTERNAL

CHUNK = 1 << 20  # gRPC refuses messages above 4 MiB.
POLL_SECONDS = 600  # The server answers earlier, when it has an action.


class Blobs:
    """The server's content-addressed storage. What was read once stays in a folder."""

    def __init__(self, channel: grpc.Channel, folder: pathlib.Path) -> None:
        self.stub = ByteStreamStub(channel)
        self.folder = folder

    def file(self, digest: Digest, executable: bool = False) -> pathlib.Path:
        path: pathlib.Path = self.folder / (digest.hash + (".executable" if executable else ""))
        if not path.exists():
            request = ReadRequest(resource_name=f"blobs/{digest.hash}/{digest.size_bytes}")
            # The server need not hold the empty blob.
            parts = self.stub.Read(request) if digest.size_bytes else []
            path.write_bytes(b"".join(part.data for part in parts))
            path.chmod(0o555 if executable else 0o444)
        return path

    def read(self, digest: Digest) -> bytes:
        return self.file(digest).read_bytes()

    def write(self, content: bytes) -> Digest:
        digest = Digest(hash=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
        name = f"uploads/{uuid.uuid4()}/blobs/{digest.hash}/{digest.size_bytes}"
        requests = (
            WriteRequest(
                resource_name=name,
                write_offset=begin,
                data=content[begin : begin + CHUNK],
                finish_write=begin + CHUNK >= len(content),
            )
            for begin in range(0, max(len(content), 1), CHUNK)
        )
        self.stub.Write(requests)
        return digest


def make_tree(blobs: Blobs, digest: Digest, folder: pathlib.Path) -> None:
    directory = Directory.FromString(blobs.read(digest))
    for file in directory.files:
        os.link(blobs.file(file.digest, file.is_executable), folder / file.name)
    for link in directory.symlinks:
        (folder / link.name).symlink_to(link.target)
    for child in directory.directories:
        (folder / child.name).mkdir()
        make_tree(blobs, child.digest, folder / child.name)


def execute(blobs: Blobs, action: Action, root: pathlib.Path) -> ActionResult:
    command = Command.FromString(blobs.read(action.command_digest))
    if command.output_directories:
        raise NotImplementedError("actions with output directories")
    make_tree(blobs, action.input_root_digest, root)
    folder = root / command.working_directory
    outputs = command.output_paths or command.output_files
    for output in outputs:
        (folder / output).parent.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run(
        command.arguments,
        cwd=folder,
        env={variable.name: variable.value for variable in command.environment_variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    result = ActionResult(exit_code=ran.returncode, stdout_raw=ran.stdout, stderr_raw=ran.stderr)
    for output in outputs:
        path = folder / output
        if path.is_file():
            digest = blobs.write(path.read_bytes())
            result.output_files.add(path=output, digest=digest, is_executable=os.access(path, os.X_OK))
    return result


def complete(blobs: Blobs, lease: Lease, name: str, folder: pathlib.Path) -> None:
    """Runs the action of the lease and writes into the lease what came of it."""
    lease.state = LeaseState.COMPLETED
    action = Action()
    lease.payload.Unpack(action)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as root:
            result = execute(blobs, action, pathlib.Path(root))
    except (grpc.RpcError, NotImplementedError, OSError) as error:
        lease.status.code = INTERNAL
        lease.status.message = f"{name}: {error}"
        print(f"{name}: {error}", flush=True)
        return
    result.execution_metadata.worker = name
    lease.result.Pack(result)
    print(f"{name}: exit code {result.exit_code}", flush=True)


def main() -> None:
    port, name, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    (folder / "blobs").mkdir()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    blobs = Blobs(channel, folder / "blobs")
    bots = BotsStub(channel)
    session = BotSession(bot_id=name, status=BotStatus.OK, worker=Worker(devices=[Device(handle=name)]))
    session = bots.CreateBotSession(
        CreateBotSessionRequest(bot_session=session), wait_for_ready=True, timeout=POLL_SECONDS
    )
    while True:
        for lease in session.leases:
            complete(blobs, lease, name, folder)
        request = UpdateBotSessionRequest(name=session.name, bot_session=session)
        session = bots.UpdateBotSession(request, timeout=POLL_SECONDS)


if __name__ == "__main__":
    main()
