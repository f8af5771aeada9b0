using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>
/// The repository keeps the rules of docs/STYLE.md. A failure prints "file:line: rule" for each finding.
/// </summary>
public sealed class TidyTests
{
    private static readonly string[] s_owned =
    [
        "src/FastPath.Dataplane/Engine/", "src/FastPath.Dataplane/Nodes/", "src/FastPath.Dataplane/Tables/",
        "src/FastPath.Dataplane/Ports/", "src/FastPath.Xdp/",
    ];

    [Fact]
    public void Files_methods_and_lines_are_short() => Expect(SourceTree.Files.SelectMany(Rules.Size));

    [Fact]
    public void Unsafe_code_stands_in_files_named_for_it() => Expect(SourceTree.Under("src/").SelectMany(Rules.Unsafe));

    [Fact]
    public void The_data_plane_has_no_locks_tasks_iterators_or_jumps() =>
        Expect(SourceTree.Under("src/FastPath.Dataplane/").SelectMany(Rules.BannedKeywords));

    [Fact]
    public void The_data_plane_has_no_mutable_static_state() =>
        Expect(SourceTree.Under("src/FastPath.Dataplane/", "src/FastPath.Net/").SelectMany(Rules.MutableStatics));

    [Fact]
    public void Every_type_near_packets_has_an_owner() => Expect(Ownership.Check(
        // Kernel structs are values
        [.. SourceTree.Under(s_owned).Where(file => !file.IsUnder("src/FastPath.Xdp/Interop/"))]));

    [Fact]
    public void Names_say_something() => Expect(
        SourceTree.Files.Where(file =>
            !file.Path.Contains("/Interop/", StringComparison.Ordinal)).SelectMany(Rules.Names)); // the kernel's names

    [Fact]
    public void Nothing_is_left_for_later() => Expect(SourceTree.Files.SelectMany(Rules.Unfinished));

    [Fact]
    public void Inlining_is_asked_for_with_a_reason() => Expect(SourceTree.Under("src/").SelectMany(Rules.Inlining));

    [Fact]
    public void Files_use_only_what_their_place_may_use() => Expect(SourceTree.Under("src/").SelectMany(Places.Check));

    internal static void Expect(IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        Assert.True(all.Length == 0,
            $"{all.Length} finding(s):{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
    }
}
