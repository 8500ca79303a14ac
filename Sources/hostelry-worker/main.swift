//  hostelry-worker: one worker process. The master starts it with its end of the control socket as descriptor 3,
//  and as descriptor 4 with the socket at which the next master will find it.

internal import EventLoop
internal import Glibc
internal import Platform
internal import Worker

CurrentProcess.setName("hostelry-worker")
do throws(SystemError) {
    let rendezvous = FileDescriptor.inheritedSocket(4)
    Worker.prepareHome()
    let loop = try EventLoop()
    let worker = try Worker(control: FileDescriptor(owning: 3), rendezvous: rendezvous, on: loop)
    withExtendedLifetime(worker) { loop.run() }
} catch {
    StandardError.write(Array("hostelry-worker: \(error)\n".utf8))
    exit(1)
}
