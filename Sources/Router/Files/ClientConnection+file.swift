internal import EventLoop
internal import Wire

/// Responses whose body is a file.
extension ClientConnection {
    /// The body is a part of a file, which the connection uses from now on.
    func receivedFile(_ file: SharedFile, _ part: FilePart, of files: LinkFiles) throws(LinkError) {
        guard let stream else { return files.done(file) }
        do throws(LinkError) {
            guard hasResponseHead, transfer == nil else { throw LinkError("a file without a head of its own") }
            // For HEAD nothing of it is sent.
            guard try encoder.takeFile(UInt64(part.length)) else { return files.done(file) }
        } catch {
            files.done(file)
            throw error
        }
        let transfer = FileTransfer(file, part, of: files, to: self)
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
