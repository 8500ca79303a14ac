/// A word that other threads say to a loop, which then does what it agreed to do at it.
public struct LoopSignal: Sendable {
    private let remote: RemoteLoop
    private let number: UInt64

    fileprivate init(_ remote: RemoteLoop, _ number: UInt64) {
        self.remote = remote
        self.number = number
    }

    /// From any thread. Each time the action is called once, in a turn of the loop.
    public func give() {
        let number = number
        remote.execute { $0.waitingWork.actions[number]?() }
    }
}

extension EventLoop {
    /// A signal at which the loop calls `action`, for as long as it runs.
    public func signal(_ action: @escaping () -> Void) -> LoopSignal {
        waitingWork.last += 1
        waitingWork.actions[waitingWork.last] = action
        return LoopSignal(remote, waitingWork.last)
    }
}
