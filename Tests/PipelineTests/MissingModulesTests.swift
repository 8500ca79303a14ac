import PipelineTesting
import Testing

@testable import Pipeline

struct MissingModulesTests {
    private func told(_ elements: String, _ requests: Int = 1) throws -> [String] {
        let host = try TestHost([])
        try host.configure("", elements)
        for _ in 0..<requests { _ = try host.get("/") }
        return host.reports
    }

    @Test
    func whatHandlersRulesAndModulesNeedIsOneLine() throws {
        let lines = try told(
            """
            <handlers><add name="Node" path="*.js" verb="*" modules="iisnode"/></handlers>
            <modules><add name="Resizer"/></modules>
            <rewrite><rules><rule name="All"><match url=".*"/><action type="None"/></rule></rules></rewrite>
            """, 3)
        #expect(lines.count == 1)
        for name in ["iisnode", "Resizer", "RewriteModule"] { #expect(lines.first?.contains(name) == true) }
    }

    @Test
    func whatOnlyTheProgramStatesIsNotTold() throws {
        #expect(try told("<defaultDocument enabled=\"true\"/>").isEmpty)
    }
}
