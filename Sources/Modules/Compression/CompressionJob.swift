import Compression
import Platform

/// Compressing one file, on another thread than the requests'.
struct CompressionJob: Sendable {
    enum Outcome: Sendable {
        /// Small enough to be held.
        case memory([UInt8])
        /// In the folder only.
        case stored
        /// Not smaller than the file itself, or more than may be kept.
        case useless
        /// The file is not what it was.
        case changed
        case failed(String)
    }

    /// What is read and written at once. Unit: bytes.
    private static let pieceLength = 1 << 16

    let key: CompressedFileKey
    let stamp: FileStamp
    let root: SystemPath
    /// Below `root`.
    let relative: SystemPath
    let folder: CompressedFolder

    func run() -> Outcome {
        do {
            let file = try FileDescriptor.open(relative, beneath: root)
            guard try FileInformation.of(file).stamp == stamp else { return .changed }
            return try compress(file)
        } catch {
            return .failed("\(key.path.text) cannot be compressed: \(error)")
        }
    }

    private func compress(_ file: borrowing FileDescriptor) throws -> Outcome {
        var compressor = try Compressor(key.coding, level: key.level, size: stamp.size)
        var draft = folder.draft(key, stamp)
        var held: [UInt8] = []
        var (position, length): (Int64, Int64) = (0, 0)
        while position < stamp.size {
            var piece: [UInt8] = []
            let count = try file.read(
                Int(min(Int64(Self.pieceLength), stamp.size - position)), at: position, into: &piece)
            guard count > 0 else { return .changed }
            position += Int64(count)
            let start = held.count
            try compressor.compress(piece.span, position == stamp.size ? .finish : .more, into: &held)
            length += Int64(held.count - start)
            guard length < stamp.size, folder.hasRoom(for: length) else { return .useless }
            if held.count > CompressedFiles.maximumHeld {
                guard let kept = draft.take() else { return .useless }
                try kept.append(held)
                draft = consume kept
                held = []
            }
        }
        guard try FileInformation.of(file).stamp == stamp else { return .changed }
        let isHeld = length == Int64(held.count)
        guard let kept = draft.take() else { return isHeld ? .memory(held) : .useless }
        try kept.append(held)
        let isStored = folder.commit(kept, key, length: length)
        return isHeld ? .memory(held) : isStored ? .stored : .useless
    }
}
