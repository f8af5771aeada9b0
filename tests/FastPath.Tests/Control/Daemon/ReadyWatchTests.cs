using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FastPath.Control.Daemon;
using FastPath.Control.Switch;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class ReadyWatchTests
{
    private const string Missing = "ports/a is missing: there is no device a";

    private readonly EventLog _events = new();
    private readonly ReadyWatch _watch;
    private IReadOnlyList<string> _reasons = [];
    private int _looks;

    public ReadyWatchTests() => _watch = new ReadyWatch(_events, () =>
    {
        _looks++;
        return _reasons;
    });

    [Fact]
    public async Task Only_the_way_from_ready_to_degraded_and_back_is_told()
    {
        Assert.Equal("ready: revision 1", _watch.Begin("revision 1"));
        foreach (string[] reasons in (string[][])[[], [Missing], [Missing, "ports/b is failed: busy"], [], []])
        {
            _reasons = reasons;
            _events.Add("ports/a", "something");
            await Look();
        }

        Assert.Equal([$"ready, but degraded: {Missing}", "ready"],
            _events.Latest().Where(one => one.Subject == "fastpathd").Select(one => one.Message));
    }

    [Fact]
    public async Task What_comes_with_an_event_leads_to_one_look_that_tells_it_and_to_no_other()
    {
        _events.Add("ports/a", "missing: there is no device a"); // nobody waits yet
        _events.Add("ports/b", "failed: busy");
        _watch.Begin("");
        _looks = 0;
        _reasons = [Missing];

        await Look();
        Task next = Look();

        Assert.Equal(1, _looks);
        Assert.Contains(_events.Latest(), one => one.Subject == "fastpathd");
        Assert.False(next.IsCompleted);
        _events.Add("ports/a", "up");
        await next;
        Assert.Equal(2, _looks);
    }

    private Task Look() => _watch.Look(TimeSpan.Zero, TestContext.Current.CancellationToken);
}
