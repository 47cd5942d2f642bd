using System.Collections.Immutable;
using System.Net;
using Vprox.Addressing;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// Decides when a tunnel asks for blocks and when it gives some back. It asks early, for what the rate of new connections will need by the time the
/// grant is there, and gives back late: a block first takes no new connection, then loses its last one, then is returned.
/// </summary>
public static class PortPlanner
{
    /// <summary>The plan after a look.</summary>
    /// <param name="ports">The plan before.</param>
    /// <param name="blocks">The blocks the tunnel has, at least one.</param>
    /// <param name="load">What was seen.</param>
    /// <param name="rate">New connections per second, to all destinations.</param>
    /// <param name="memory">What was remembered.</param>
    /// <param name="policy">The numbers.</param>
    /// <param name="now">The time of the look.</param>
    public static (TunnelPorts Ports, PortMemory Memory) Plan(
        TunnelPorts ports, IReadOnlyList<InnerBlock> blocks, PortLoad load, double rate, PortMemory memory, PortPolicy policy, DateTimeOffset now)
    {
        var held = blocks.Where(block => !ports.Returning.Contains(block.Address)).Select(block => block.Address).ToList();
        var active = held.Where(address => !ports.Retired.Contains(address)).ToList();
        var size = blocks[0].Ports.Count;
        var demand = Demand(load, rate, policy);
        // What was needed before the first look is not known: all of it, perhaps.
        memory = (memory == PortMemory.Empty ? memory.Saw(active.Count, policy.IdleAfter, now) : memory).Saw(Blocks(demand, size * policy.KeepAt), policy.IdleAfter, now);

        var wanted = Blocks(demand, size * policy.GrowAbove);
        var retired = ports.Retired;
        var missing = Math.Min(wanted, active.Count * policy.LargestStep) - active.Count;
        if (missing > 0)
        {
            var resumed = held.Where(retired.Contains).Take(missing).ToList();
            retired = retired.Except(resumed);
            missing -= resumed.Count;
        }
        else if (Math.Max(memory.Peak, policy.Fewest) is var enough && enough < active.Count)
            retired = retired.Union(active.Skip(enough));
        ports = ports with
        {
            // What is asked for already is not asked for anew with every connection that comes or goes.
            Wanted = missing > 0 ? Math.Max(ports.Wanted, Math.Min(held.Count + missing, AddressLayout.BlockPorts.Count / size)) : 0,
            Retired = retired,
        };
        ports = ports with { Resting = Resting(ports, held, load, size, policy) };
        return Return(ports, held, load, memory, policy, now);
    }

    /// <summary>Ports that the busiest destination needs within the horizon: those in use, and its share of the connections to come.</summary>
    public static double Demand(PortLoad load, double rate, PortPolicy policy) =>
        load.Used + (rate * policy.Horizon.TotalSeconds * (load.Total > 0 ? (double)load.Used / load.Total : 0));

    private static int Blocks(double demand, double portsOfEach) => (int)Math.Ceiling(demand / portsOfEach);

    private static ImmutableHashSet<IPAddress> Resting(TunnelPorts ports, List<IPAddress> held, PortLoad load, int size, PortPolicy policy)
    {
        var active = held.Where(address => !ports.Retired.Contains(address)).ToList();
        var resting = active.Where(address =>
            load.Fullest.GetValueOrDefault(address) > size * (ports.Resting.Contains(address) ? policy.WakeBelow : policy.RestAbove)).ToImmutableHashSet();
        return resting.Count < active.Count ? resting : [];
    }

    private static (TunnelPorts Ports, PortMemory Memory) Return(
        TunnelPorts ports, List<IPAddress> held, PortLoad load, PortMemory memory, PortPolicy policy, DateTimeOffset now)
    {
        var empties = held.Where(address => ports.Retired.Contains(address) && load.Flows.GetValueOrDefault(address) == 0)
            .ToImmutableDictionary(address => address, address => memory.Empties.GetValueOrDefault(address, now));
        var drained = empties.Where(each => now - each.Value >= policy.DrainedFor).Select(each => each.Key).ToList();
        return (
            ports with { Returning = ports.Returning.Union(drained), Retired = ports.Retired.Except(drained) },
            memory with { Empties = empties.RemoveRange(drained) });
    }
}
