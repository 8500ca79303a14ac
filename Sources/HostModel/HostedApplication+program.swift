internal import DotNet
internal import Platform
public import Programs

extension HostedApplication {
    /// - Parameters:
    ///   - program: what its section starts; nil where it is not found, and its start says what is wrong.
    ///   - folder: the application's.
    public init(name: String, hosting: Hosting, program: FoundProgram?, folder: String) {
        // A program of the system's (Node, Python) says nothing of what the application is made for.
        let code = program.flatMap { FilePath.isInside($0.code, folder) ? $0.code : nil }
        self.init(
            name: name, hosting: hosting,
            architecture: code.flatMap { try? ExecutableImage.read($0).architecture } ?? .unknown,
            runtime: program?.runtime.map { Runtime(program: $0.program, architecture: $0.architecture) })
    }
}
