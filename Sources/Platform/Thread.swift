internal import CPlatform

/// A thread of the operating system that nobody waits for. No signal is delivered to it.
public enum Thread {
    public static func start(_ body: sending @escaping () -> Void) throws(SystemError) {
        let context = unsafe Unmanaged.passRetained(Body(run: body)).toOpaque()
        let code = unsafe hostelry_start_thread(
            { context in
                // The reference that `start` gave away; taken once, here.
                unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
            }, context)
        guard code == 0 else {
            unsafe Unmanaged<Body>.fromOpaque(context).release()
            throw SystemError("pthread_create", code: code)
        }
    }

    private final class Body {
        let run: () -> Void

        init(run: @escaping () -> Void) { self.run = run }
    }
}
