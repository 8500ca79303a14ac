//  hostelry-router: the router's process. The master starts it with its end of the control socket as descriptor 3,
//  and as descriptor 4 with the socket at which the next master will find it.

internal import EventLoop
internal import Glibc
internal import Platform
internal import Router

CurrentProcess.setName("hostelry-router")
do throws(SystemError) {
    let rendezvous = FileDescriptor.inheritedSocket(4)
    // It holds what visitors send: no other process may look into it.
    try CurrentProcess.forbidInspection()
    let loop = try EventLoop()
    let router = try Router(
        control: FileDescriptor(owning: 3), rendezvous: rendezvous, on: loop, loopCount: LoopCount())
    withExtendedLifetime(router) { loop.run() }
} catch {
    StandardError.write(Array("hostelry-router: \(error)\n".utf8))
    exit(1)
}
