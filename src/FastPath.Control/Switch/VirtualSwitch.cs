using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FastPath.Api;
using FastPath.Control.Config;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;

namespace FastPath.Control.Switch;

/// <summary>
/// The running switch: workers, ports with their state, and the tables of the present generation. One lock: changes and
/// what the kernel reports come one after the other.
/// </summary>
internal sealed class VirtualSwitch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PortBackend _backend;
    private readonly EventLog _events;
    private readonly Numbers _numbers = new(Limits.PortsMax);
    private readonly Numbers _bridgeNumbers = new(Limits.PortsMax);
    private readonly SortedDictionary<string, PortSlot> _slots = new(StringComparer.Ordinal);
    private readonly StaticEntries _statics;
    private DataplaneConfig _target = DataplaneConfig.Empty; // what ports are opened for, now and when they are tried again
    private long _generation;

    public VirtualSwitch(SystemSettings settings, PortBackend backend, EventLog events, Clock? clock = null)
    {
        _backend = backend;
        _events = events;
        Core = new SwitchCore(settings, backend.Homes, backend.HasThreads, clock);
        backend.UmemAdded = Core.Enter;
        _statics = new StaticEntries(Core);
    }

    /// <summary>Hears of each port that packets are let in at. Under the lock.</summary>
    public Action<OpenPort> Opened { get; set; } = _ => { };

    /// <summary>Told when a change has left a port to be tried again by <see cref="Retry"/>. Under the lock.</summary>
    public Action RetryPlanned { get; set; } = () => { };

    public SwitchCore Core { get; }

    public DataplaneConfig Config { get; private set; } = DataplaneConfig.Empty;

    /// <summary>The present generation.</summary>
    public BuiltTables Built { get; private set; } = BuiltTables.Empty;

    /// <summary>Ports of the configuration by key. Under <see cref="Read{T}"/> only.</summary>
    public IReadOnlyDictionary<string, PortSlot> Slots => _slots;

    public Numbers Numbers => _numbers;

    public Numbers BridgeNumbers => _bridgeNumbers;

    /// <summary>Looks at the switch while nothing changes.</summary>
    public T Read<T>(Func<VirtualSwitch, T> view)
    {
        lock (_gate)
            return view(this);
    }

    /// <summary>
    /// Starts the workers and opens the ports. What cannot be opened now is shown as missing or failed and tried again: one
    /// broken port does not keep the others from working after a restart.
    /// </summary>
    public void Start(DataplaneConfig config)
    {
        lock (_gate)
        {
            Core.Start();
            _target = config;
            TryAnyway("ports", () => _backend.RemoveLeftovers(config));
            foreach (string key in PortChanges.Between(DataplaneConfig.Empty, config).Opened)
                AddSlot(config, key).TryOpen(out _);
            Install(config);
            Admit(_slots.Values);
        }
    }

    /// <summary>
    /// Goes to another configuration: all of it, or none. New ports are opened first, then a new generation is published and
    /// seen by all workers, then ports that are not needed any more are closed; those whose device another port takes, at the
    /// start. What did not change is not touched.
    /// </summary>
    /// <exception cref="InvalidConfigException">A port could not be opened; the configuration is the old one.</exception>
    public void Apply(DataplaneConfig next)
    {
        lock (_gate)
        {
            try
            {
                Change(next);
            }
            finally // a change that is undone opens ports again, too
            {
                if (_slots.Values.Any(slot => slot.RetryAt != PortSlot.Never))
                    RetryPlanned();
            }
        }
    }

    /// <summary>Carries out what follows from an event, while nothing else changes.</summary>
    public void Do(Action<VirtualSwitch> action)
    {
        lock (_gate)
            action(this);
    }

    /// <summary>
    /// The device of an open port is not what it was: takes what is said, and publishes what follows. Inside
    /// <see cref="Do"/>.
    /// </summary>
    public void Update(PortSlot slot, DeviceFacts facts)
    {
        if (slot.Open is not { } open || open.Facts.Equals(facts))
            return;
        bool isBack = facts.IsUp && !open.Facts.IsUp;
        open.Facts = facts;
        slot.Refresh();
        Install(Config);
        if (isBack)
            foreach (PortQueue queue in open.Queues)
                if (queue.Port is XdpPort xdp)
                    Core.Run(queue.Worker, _ => xdp.Retry());
    }

    /// <summary>The device of an open port is gone. Inside <see cref="Do"/>.</summary>
    public void Lose(PortSlot slot, string reason) => Withdraw([slot.Key], delete: false, reason);

    /// <summary>Tries ports that are not open and whose time has come. When the next one's will.</summary>
    public long Retry()
    {
        lock (_gate)
        {
            List<PortSlot> due = [.. _slots.Values.Where(slot => slot.Open == null && slot.RetryAt <= Environment.TickCount64)];
            List<PortSlot> opened = [.. due.Where(slot => slot.TryOpen(out _))];
            if (opened.Count != 0)
            {
                Install(Config);
                Admit(opened);
            }

            return _slots.Values.Select(slot => slot.RetryAt).DefaultIfEmpty(PortSlot.Never).Min();
        }
    }

    /// <summary>Forgets learned addresses of a bridge, of a port, or all; how many.</summary>
    public int FlushAddresses(string? bridge, string? port)
    {
        lock (_gate)
        {
            ushort ofBridge = bridge == null ? (ushort)0 : _bridgeNumbers.Of(bridge);
            ushort ofPort = port == null ? (ushort)0 : _numbers.Of(Keys.Port(port));
            bool isGone = (bridge != null && ofBridge == 0) || (port != null && ofPort == 0);
            return isGone ? 0 : _statics.FlushLearned(ofBridge, ofPort); // there, 0 stands for all
        }
    }

    /// <summary>
    /// Stops: workers first, then sockets, then packet memory. What FastPath made for ports stays, so that containers keep
    /// their interfaces and a restart finds them.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Core.Stop();
            foreach (PortSlot slot in _slots.Values)
                slot.Open?.Dispose();
            _backend.Dispose();
            Core.Dispose();
        }
    }

    private void Change(DataplaneConfig next)
    {
        DataplaneConfig before = Config;
        if (!_numbers.HasRoomFor(TableBuilder.Names(next)) || !_bridgeNumbers.HasRoomFor(next.Bridges.Keys))
            throw new InvalidConfigException([new FieldError("", "what goes and what comes is too much for one change, "
                + $"which has both for a moment (at most {LimitRules.NumberedMax}): remove first, then add")]);
        PortChanges changes = PortChanges.Between(before, next);
        List<string> opened = [];
        try
        {
            Withdraw(changes.Kept, delete: false, "opened anew with another configuration");
            Withdraw(changes.Remade, delete: true, "opened anew with another configuration");
            Withdraw(changes.Replaced, delete: true, "its device is another port's now");
            _target = next;
            foreach (string key in changes.Opened)
                OpenOrThrow(next, key, opened);
            InstallOrThrow(next);
        }
        catch (Exception e)
        {
            GoBack(before, opened, changes);
            if (e is not PortException failure)
                throw;
            throw new InvalidConfigException([new FieldError("/" + failure.Field, failure.Message)]);
        }

        Admit(opened.Select(key => _slots[key]));
        Withdraw(changes.Removed.Except(changes.Replaced), delete: true, "removed from the configuration");
        Forget(changes.Removed);
    }

    private PortSlot AddSlot(DataplaneConfig config, string key)
    {
        PortSlot slot = new(key, _numbers.Claim(key), () => OpenOf(_target, key), () => _backend.Remove(key, IsMade(config, key)), _events);
        _slots[key] = slot;
        return slot;
    }

    /// <summary>Whether FastPath makes a port's device.</summary>
    private static bool IsMade(DataplaneConfig config, string key) =>
        key == Keys.Punt || (config.Ports.TryGetValue(Keys.NameOf(key), out PortSettings? port) && port.Container != null);

    private OpenPort OpenOf(DataplaneConfig config, string key)
    {
        string name = Keys.NameOf(key);
        int number = _numbers.Of(key);
        if (key == Keys.Punt)
            return _backend.OpenPunt(config.Punt!, number);
        if (key == Keys.Uplink(name))
            return _backend.OpenUplink(config.Uplinks[name], number);
        PortSettings port = config.Ports[name];
        return _backend.OpenPort(port, number, PathMtu.Of(config, port, OpenPorts()));
    }

    private void OpenOrThrow(DataplaneConfig config, string key, List<string> opened)
    {
        opened.Add(key);
        if (AddSlot(config, key).TryOpen(out PortException? failure) || failure!.IsMissing)
            return;
        string path = failure.Field.Length == 0 ? "/" + key : $"/{key}/{failure.Field}";
        throw new InvalidConfigException([new FieldError(path, failure.Message)]);
    }

    private void GoBack(DataplaneConfig before, List<string> opened, PortChanges changes)
    {
        List<string> closed = [.. PortDevice.All(before).Keys.Where(
            key => changes.Kept.Contains(key) || changes.Remade.Contains(key) || changes.Replaced.Contains(key))];
        _target = before;
        Config = before; // what failed may have got as far as to be installed: nothing below may follow it
        Withdraw(opened.Intersect(changes.Kept), delete: false, "rolled back");
        Withdraw(opened.Except(changes.Kept), delete: true, "rolled back");
        foreach (string key in opened)
            _slots.Remove(key);
        foreach (string key in closed)
            AddSlot(before, key).TryOpen(out _);
        Install(before);
        ForgetNames(); // after the tables that had them are gone
        Admit(closed.Select(key => _slots[key]));
    }

    /// <summary>
    /// Publishes the tables of a configuration with the ports that are open now, and lets them follow it. What one of them
    /// cannot follow is an event: the others go on.
    /// </summary>
    private void Install(DataplaneConfig config)
    {
        Publish(config);
        foreach (PortSlot slot in _slots.Values)
            if (slot.Open is { } open)
                TryAnyway(slot.Key, () => open.Follow(config));
    }

    /// <summary>The same for a change that is refused when a port cannot follow it.</summary>
    private void InstallOrThrow(DataplaneConfig config)
    {
        Publish(config);
        foreach (PortSlot slot in _slots.Values)
            slot.Open?.Follow(config);
    }

    private void Publish(DataplaneConfig config)
    {
        BuiltTables built = TableBuilder.Build(
            config, _numbers, _bridgeNumbers, OpenPorts(), Core.Workers.Count, ++_generation);
        Core.Publish(built.Tables);
        _statics.Set(built, Built);
        Built = built;
        Config = config;
    }

    /// <summary>Lets packets in at ports whose workers know them.</summary>
    private void Admit(IEnumerable<PortSlot> slots)
    {
        foreach (PortSlot slot in (List<PortSlot>)[.. slots])
        {
            if (slot.Open is not { } open)
                continue;
            try
            {
                foreach (PortQueue queue in open.Queues)
                    Core.Run(queue.Worker, queue.Port.Service); // posts chunks before the first packet can come
                open.Admit();
                Opened(open);
            }
            catch (Exception e) when (Refusal.Is(e))
            {
                Withdraw([slot.Key], delete: false, e.Message, PortState.Failed); // it is tried again
            }
        }
    }

    /// <summary>
    /// Carries out what cannot be taken back any more: what the kernel refuses of it is said, and the rest is done.
    /// </summary>
    private void TryAnyway(string key, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (Refusal.Is(e))
        {
            _events.Add(key, e.Message);
        }
    }

    /// <summary>Takes ports out of the tables and closes them; <paramref name="delete"/> leaves nothing of them, open or not.</summary>
    private void Withdraw(IEnumerable<string> keys, bool delete, string reason, PortState state = PortState.Missing)
    {
        List<OpenPort> closed = [];
        foreach (string key in keys)
            if (!_slots.TryGetValue(key, out PortSlot? slot))
                continue;
            else if (slot.Close(state, reason) is { } open)
                closed.Add(open);
            else if (delete)
                TryAnyway(key, slot.Remove);
        if (closed.Count == 0)
            return;
        Install(Config);
        foreach (OpenPort open in closed)
            Retire(open, delete);
    }

    private void Retire(OpenPort open, bool delete)
    {
        if (delete)
            TryAnyway(open.Key, open.Delete);
        open.Detach();
        foreach (PortQueue queue in open.Queues)
            Core.Run(queue.Worker, worker => worker.Retire(queue.Port));
        _statics.ForgetPort(open.Number);
        open.Dispose();
    }

    /// <summary>Gives back what only removed objects had.</summary>
    private void Forget(IReadOnlyList<string> removed)
    {
        foreach (string key in removed)
            _slots.Remove(key);
        ForgetNames();
    }

    /// <summary>Gives back the numbers of names that the configuration does not have, nor the published tables.</summary>
    private void ForgetNames()
    {
        foreach (string name in _numbers.All.Keys.Except(TableBuilder.Names(Config)).ToList())
        {
            _statics.ForgetPort(_numbers.Of(name));
            _numbers.Release(name);
            _backend.Forget(name);
        }

        foreach (string name in _bridgeNumbers.All.Keys.Except(Config.Bridges.Keys).ToList())
            _bridgeNumbers.Release(name);
    }

    private Dictionary<string, OpenPort> OpenPorts() =>
        _slots.Values.Where(slot => slot.Open != null).ToDictionary(slot => slot.Key, slot => slot.Open!);
}
