using System.Linq;
using FastPath.Control.Plans;
using Xunit;

namespace FastPath.Tests.Control.Plans;

public sealed class NameListTests
{
    [Fact]
    public void Few_names_are_all_told_and_of_many_the_first_and_how_many_more()
    {
        Assert.Equal("ports/a", NameList.Of(["ports/a"]));
        Assert.Equal("ports/a, ports/b", NameList.Of(["ports/a", "ports/b"]));
        string many = NameList.Of([.. Enumerable.Range(0, 5000).Select(n => $"ports/p{n:0000}")]);

        Assert.StartsWith("ports/p0000, ports/p0001, ", many);
        Assert.EndsWith(" and 4985 more", many);
        Assert.InRange(many.Length, 100, 250);
    }
}
