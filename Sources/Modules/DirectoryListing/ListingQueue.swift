import Pipeline
import Platform

/// Reads folders for listings, two at a time, so that big ones cannot take all threads that wait for disks.
///
/// Requests for what waits or is being read already share its result: however many clients ask for a folder at once, it
/// is read once.
final class ListingQueue {
    typealias Completion = (Result<Listing, SystemError>) -> Void

    static let limit = 2
    private let services: any ModuleServices
    private var waiting: ArraySlice<ListingTask> = []
    private var completions: [ListingTask: [Completion]] = [:]
    private var running = 0

    init(_ services: any ModuleServices) { self.services = services }

    /// Calls `completion` once, in a later turn of the loop.
    func perform(_ task: ListingTask, _ completion: @escaping Completion) {
        if completions[task]?.append(completion) != nil { return }
        completions[task] = [completion]
        waiting.append(task)
        next()
    }

    private func next() {
        guard running < Self.limit, let task = waiting.popFirst() else { return }
        running += 1
        let work: @Sendable () -> Result<Listing, SystemError> = { task.perform() }
        services.perform(work) { [self] result in
            running -= 1
            for completion in completions.removeValue(forKey: task) ?? [] { completion(result) }
            next()
        }
    }
}
