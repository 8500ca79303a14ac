import Platform
import Testing

/// For tests that have Swift Testing start processes (`processExitsWith`): children of this process that Hostelry did not
/// start and that are not adopted either.
///
/// Tests of other rooms end families of processes meanwhile, and would ask these children for their exit, which Swift
/// Testing then waits for without end. As long as something is being started, nobody is taken for adopted.
struct ForeignChildren: TestTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        StartedChildren.begin()
        defer { StartedChildren.end(nil) }
        try await function()
    }
}

extension Trait where Self == ForeignChildren {
    static var startsForeignChildren: Self { Self() }
}
