import Platform

final class TemporaryOutput: BackendOutput {
    func open(for attempt: Int) throws(SystemError) -> BackendStreams { BackendStreams(output: nil, errors: nil) }
    func ended() {}
    var captured: String { "" }
}
