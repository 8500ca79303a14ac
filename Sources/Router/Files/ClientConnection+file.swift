internal import EventLoop
internal import Wire

/// Responses whose body is a file.
extension ClientConnection {
    /// The body is a part of a file, which is the connection's from now on.
    func receivedFile(_ file: HandedFile, from link: Link) throws(LinkError) {
        guard let stream else { return link.fileDone(file) }
        do throws(LinkError) {
            guard hasResponseHead, transfer == nil else { throw LinkError("a file without a head of its own") }
            // For HEAD nothing of it is sent.
            guard try encoder.takeFile(UInt64(file.part.length)) else { return link.fileDone(file) }
        } catch {
            link.fileDone(file)
            throw error
        }
        let transfer = FileTransfer(file, from: link, to: self)
        self.transfer = transfer
        stream.source = transfer
        stream.flushLater()
    }

    func sentBody(_ count: Int) { notes.answer.sent += UInt64(count) }

    func transferEnded(isWhole: Bool) {
        transfer = nil
        guard let stream else { return }
        guard isWhole else {
            exchange?.abandon(.clientGone)
            exchange = nil
            return breakOff(stream)
        }
        // Where the worker has not ended its half, its end finishes the response.
        if exchange == nil { finish(stream) }
    }
}
