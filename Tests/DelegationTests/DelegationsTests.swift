import Configuration
import Testing

@testable import Delegation

@Suite struct DelegationsTests {
    private func administration(_ rules: String) throws -> ServerConfiguration {
        let text = String(DelegationEdit.empty)
        let start = try #require(text.indices.first { text[$0...].hasPrefix("</authorizationRules>") })
        return try ServerConfiguration(
            bytes: Array((text[..<start] + rules + text[start...]).utf8), path: "administration.config")
    }

    @Test func theFileIsReadAsIISWritesIt() throws {
        let delegations = Delegations(
            try administration(
                #"<scope path="/"><add name="web" isRole="true"/></scope><scope path="/Blog/app"><add name="alice"/></scope>"#
            ))
        #expect(delegations.administrators == [.init("web", isGroup: true)])
        #expect(delegations.scopes[1] == .init(ConfigurationPath(site: "Blog", path: "/app"), [.init("alice")]))
    }

    @Test func withoutAScopeOfTheServerTheUsualGroupAdministrates() throws {
        #expect(Delegations(try administration("")).administrators == [.init("hostelry-admin", isGroup: true)])
        #expect(Delegations(try administration(#"<scope path="/"/>"#)).administrators == [])
    }

    @Test func aFileWithAMistakeSaysNothing() throws {
        let broken = try administration(#"<scope path="/Blog"><add nme="alice"/></scope>"#)
        #expect(!DelegationEdit.problems(of: broken).isEmpty)
        #expect(DelegationEdit.problems(of: try administration("")).isEmpty)
    }

    @Test func peersAreKnownByTheirNumbersAndGroups() throws {
        let delegations = Delegations(
            try administration(
                """
                <scope path="/"><add name="web" isRole="true"/></scope>
                <scope path="/Blog"><add name="alice"/><add name="1007"/><add name="nobody-knows"/></scope>
                <scope path="/Shop"><add name="shop" isRole="true"/></scope>
                """))
        let roster = Roster(delegations) { member in
            ["web": 50, "shop": 60, "alice": 1001][member.name].map { UInt32($0) }
        }
        func authority(_ user: UInt32, _ groups: UInt32...) -> Authority {
            roster.authority(of: Caller(user: user, groups: groups))
        }
        #expect(authority(2000, 7, 50) == .everything)
        #expect(authority(1001, 1001) == .scopes([ConfigurationPath(site: "Blog")]))
        #expect(authority(1007) == .scopes([ConfigurationPath(site: "Blog")]))
        #expect(authority(1001, 60) == .scopes([ConfigurationPath(site: "Blog"), ConfigurationPath(site: "Shop")]))
        // A group's number is no user's.
        #expect(authority(50) == .nothing)
        #expect(authority(60, 1001) == .nothing)
        #expect(Roster.empty.authority(of: Caller(user: 1001)) == .nothing)
    }

    @Test func ownersComeAndGo() throws {
        let alice = Delegations.Member("alice")
        let place = ConfigurationPath(site: "Blog")
        let first = try #require(try DelegationEdit.adding(alice, to: place, in: try administration("")))
        let added = try ServerConfiguration(bytes: first, path: "administration.config")
        #expect(Delegations(added).scopes == [.init(place, [alice])])
        #expect(String(decoding: first, as: UTF8.self).contains(#"<scope path="/Blog">"#))
        #expect(try DelegationEdit.adding(alice, to: ConfigurationPath(site: "BLOG"), in: added) == nil)
        let group = Delegations.Member("alice", isGroup: true)
        #expect(try DelegationEdit.removing(group, from: place, in: added) == nil)
        let last = try #require(try DelegationEdit.removing(alice, from: place, in: added))
        #expect(Delegations(try ServerConfiguration(bytes: last, path: "administration.config")).scopes.isEmpty)
    }
}

@Suite struct ControlPlacesTests {
    @Test func othersTakeNoPlaceOfTheAdministrators() {
        var places = ControlPlaces()
        for user in 0..<100 { _ = places.take(.unknown(user: UInt32(user))) }
        #expect(places.count == ControlPlaces.others)
        let taken = (0...ControlPlaces.administrators).map { _ in places.take(.administrator) }
        #expect(taken.dropLast().allSatisfy(\.self) && taken.last == false)
        places.leave(.administrator)
        let again = places.take(.administrator)
        #expect(again)
    }

    @Test func oneUserTakesNotAllPlacesOfTheOthers() {
        var places = ControlPlaces()
        let taken = (0...ControlPlaces.eachUser).map { _ in places.take(.delegate(user: 7)) }
        #expect(taken.dropLast().allSatisfy(\.self) && taken.last == false)
        let others = [ControlPlaces.Kind.unknown(user: 7), .delegate(user: 8)].map { places.take($0) }
        #expect(others == [true, true])
        places.leave(.delegate(user: 7))
        let again = places.take(.delegate(user: 7))
        #expect(again)
    }

    @Test func delegatesTakeNoPlaceOfWhoIsLookedUp() {
        var places = ControlPlaces()
        for user in 0..<100 { _ = places.take(.delegate(user: UInt32(user))) }
        #expect(places.count == ControlPlaces.others)
        let taken = (0...ControlPlaces.eachUser).map { _ in places.take(.unknown(user: 7)) }
        #expect(taken.dropLast().allSatisfy(\.self) && taken.last == false)
    }

    @Test func refusalsAreToldOnceInAWhile() {
        var count = RefusalCount()
        let told = [(1, 0), (1, 1), (2, 2), (1, RefusalCount.interval)].map { user, now in
            count.refused(user: UInt32(user), now: UInt64(now))
        }
        #expect(told == [0, nil, 0, 1])
    }
}
