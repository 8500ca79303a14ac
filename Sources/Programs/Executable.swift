import DotNet
import Platform

/// Whether a file can be run on this machine by this process, and in words why not.
enum Executable {
    /// Of this program, which is the machine's.
    private static var machine: ExecutableImage.Architecture { .ofThisMachine ?? .unknown }

    static func image(_ path: String) throws(LaunchFailure) -> ExecutableImage {
        do throws(FileError) {
            return try ExecutableImage.read(path)
        } catch {
            guard error.kind == .denied, FileFacts.mayExecute(path) else {
                throw LaunchFailure("'\(path)' cannot be read: \(error.reason).")
            }
            // A program that may be run and not looked at.
            return ExecutableImage(format: .elf, architecture: .unknown)
        }
    }

    /// The path of a program that can be run.
    static func check(_ path: String) throws(LaunchFailure) -> String { try check(path, image(path)) }

    static func check(_ path: String, _ image: ExecutableImage) throws(LaunchFailure) -> String {
        guard image.format == .elf else { return try checkScript(path) }
        guard image.architecture == .unknown || image.architecture == machine else {
            throw LaunchFailure(
                "'\(path)' is built for \(image.architecture) and this machine is \(machine); publish it for "
                    + "linux-\(machine).")
        }
        try checkPermission(path)
        return path
    }

    /// A text whose first line names the program that runs it.
    static func checkScript(_ path: String) throws(LaunchFailure) -> String {
        guard let line = try interpreterLine(path) else { throw fault(of: path) }
        guard !line.hasSuffix("\r") else {
            throw LaunchFailure(
                "The first line of '\(path)' ends in a carriage return, which becomes part of the interpreter's name; "
                    + "save the script with the line ends of Linux.")
        }
        let interpreter = line.split { $0 == " " || $0 == "\t" }.first.map(String.init) ?? ""
        guard SearchPath.isProgram(interpreter) else {
            throw LaunchFailure("'\(path)' is a script for '\(interpreter)', and there is no such program here.")
        }
        try checkPermission(path)
        return path
    }

    private static func checkPermission(_ path: String) throws(LaunchFailure) {
        guard FileFacts.mayExecute(path) else {
            throw LaunchFailure("'\(path)' is not executable for the pool's user; run chmod +x on it.")
        }
    }

    /// What follows `#!` in the first line; nil for a file that begins otherwise. The kernel reads 256 bytes.
    private static func interpreterLine(_ path: String) throws(LaunchFailure) -> String? {
        do throws(FileError) {
            guard let head = try FileHead.read(path, atMost: 256), head.starts(with: Array("#!".utf8)) else {
                return nil
            }
            return String(decoding: head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        } catch {
            throw LaunchFailure("'\(path)' cannot be read: \(error.reason).")
        }
    }

    /// Why a file that is there cannot be run.
    static func fault(of path: String) -> LaunchFailure {
        let name = path.lowercased()
        if [".bat", ".cmd", ".ps1", ".vbs"].contains(where: name.hasSuffix) {
            return LaunchFailure(
                "'\(path)' is a script of Windows; write one for a shell of this system, whose first line is \"#!/bin/sh\"."
            )
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        let file = ConfiguredPath.name(of: path)
        if let application = try? PublishedApplication.inspect(folder, named: file), let text = application.obstacle {
            return LaunchFailure(text + ".")
        }
        switch (try? ExecutableImage.read(path))?.format {
        case .managed, .windows:
            return LaunchFailure(
                "'\(path)' is a program of Windows, and there is no library of its name beside it that dotnet could run; "
                    + "publish the application for linux-\(machine), or as a framework-dependent one.")
        case .elf, .other, nil:
            return LaunchFailure(
                "'\(path)' is neither a program nor a script: its first line does not begin with \"#!\" and the "
                    + "interpreter's path.")
        }
    }
}
