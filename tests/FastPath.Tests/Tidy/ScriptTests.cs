using System.IO;
using System.Linq;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>What shell scripts do wrong in silence.</summary>
public sealed class ScriptTests
{
    [Fact]
    public void No_function_runs_where_its_failures_are_ignored()
    {
        // bash switches errexit off in all that a function on the left of && calls: a failed make went unseen.
        string[] lines = File.ReadAllLines(SourceTree.Full("fp"));

        Assert.DoesNotContain(lines, line => line.Contains("build &&", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_started_in_the_background_by_a_function()
    {
        // $! would be the subshell of the function: killing it leaves the program behind.
        string[] commands = File.ReadAllText(SourceTree.Full("scripts/demo.sh"))
            .Replace("\\\n", "", System.StringComparison.Ordinal).Split('\n');

        string[] background = [.. commands.Where(line => line.EndsWith(" &", System.StringComparison.Ordinal))];
        Assert.Equal(2, background.Length);
        Assert.All(background, line => Assert.StartsWith("ip netns exec ", line.TrimStart()));
    }
}
