using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>
/// Our nft table. What our last change left is in force as long as no later transaction changed the table, and the kernel tells of each which table it
/// changed. Nothing of this outlives the agent: after a restart the whole table is given once more, in a transaction that changes nothing.
/// </summary>
internal sealed class RulesetInForce(Nft nft) : IDisposable
{
    private readonly RulesetMonitor _monitor = RulesetMonitor.Open(WorkerRuleset.Table);
    private readonly RulesetGeneration _generation = RulesetGeneration.Open();
    private Known? _known;

    /// <summary>What is in force; null when there is no table, or somebody else changed it.</summary>
    public Ruleset? Read()
    {
        var generation = _generation.Read();
        if (_known is { } known && known.Generation != generation)
            _known = _monitor.Changes(known.Generation, generation) == 0 ? known with { Generation = generation } : null;
        return _known?.Ruleset;
    }

    /// <summary>Puts a ruleset in force.</summary>
    /// <exception cref="NftException">nft refused; the table is as it was.</exception>
    public void Replace(Ruleset ruleset)
    {
        var changes = Read()?.ChangesTo(ruleset);
        var before = _known?.Generation ?? _generation.Read();
        _known = null;
        if (changes is null || !TryRun(changes))
            ReplaceWhole(ruleset);
        var after = _generation.Read();
        // One transaction is ours, of several the one that changed our table; another that did so may have come before it or after.
        if (after == before + 1 || _monitor.Changes(before, after) == 1)
            _known = new Known(ruleset, after);
    }

    /// <summary>Removes the table.</summary>
    public void Remove()
    {
        _known = null;
        nft.Run($"table inet {WorkerRuleset.Table}\ndelete table inet {WorkerRuleset.Table}\n");
    }

    /// <summary>Tells whether there is a table of ours, whatever is in it.</summary>
    public bool Exists() => nft.Tables("inet").Contains(WorkerRuleset.Table);

    /// <inheritdoc/>
    public void Dispose()
    {
        _generation.Dispose();
        _monitor.Dispose();
    }

    /// <summary>Tells whether this kernel and this nft have conntrack timeout policies.</summary>
    public static bool TakesConntrackTimeouts(Nft nft)
    {
        try
        {
            nft.Check("""
                table inet vprox_check {
                  ct timeout short_waits {
                    protocol tcp;
                    l3proto ip;
                    policy = { syn_sent : 10, time_wait : 10, close : 5 };
                  }
                  chain forward {
                    type filter hook forward priority 0;
                    meta l4proto tcp ct timeout set "short_waits"
                  }
                }

                """);
            return true;
        }
        catch (NftException)
        {
            return false;
        }
    }

    private void ReplaceWhole(Ruleset ruleset)
    {
        // A table of another version may hold what cannot be redeclared.
        if (!TryRun(ruleset.Text))
            nft.Run($"table inet {WorkerRuleset.Table}\ndelete table inet {WorkerRuleset.Table}\n{ruleset.Text}");
    }

    private bool TryRun(string commands)
    {
        try
        {
            nft.Run(commands);
            return true;
        }
        catch (NftException)
        {
            return false;
        }
    }

    private sealed record Known(Ruleset Ruleset, uint Generation);
}
