using System.Security.Cryptography;
using System.Text;
using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>
/// Our nft table. As long as the ruleset's generation number is the one of our last change, that is what is in force. When somebody else changed
/// something, a listing tells whether it was ours: nft prints a ruleset in other words than it was given, so the print is compared with the one that
/// followed our change. Nothing of this outlives the agent: after a restart the whole table is given once more, in a transaction that changes nothing.
/// </summary>
internal sealed class RulesetInForce(Nft nft) : IDisposable
{
    private readonly RulesetGeneration _generation = RulesetGeneration.Open();
    private Known? _known;

    /// <summary>True while it is not known how nft prints what is in force.</summary>
    public bool IsPrintDue => _known is { PrintHash: null };

    /// <summary>What is in force; null when there is no table, somebody else changed it, or somebody changed something before it was known how it is printed.</summary>
    public Ruleset? Read()
    {
        // Before the listing: what changes during it has another number.
        var generation = _generation.Read();
        if (_known is { } known && known.Generation != generation)
            _known = known.PrintHash is not null && PrintHash() == known.PrintHash ? known with { Generation = generation } : null;
        return _known?.Ruleset;
    }

    /// <summary>Puts a ruleset in force.</summary>
    /// <exception cref="NftException">nft refused; the table is as it was.</exception>
    public void Replace(Ruleset ruleset)
    {
        var before = _generation.Read();
        var changes = _known?.Generation == before ? _known.Ruleset.ChangesTo(ruleset) : null;
        _known = null;
        if (changes is null || !TryRun(changes))
            ReplaceWhole(ruleset);
        // Somebody else's transaction in between would have made it more than one.
        if (_generation.Read() == before + 1)
            _known = new Known(ruleset, before + 1, null);
    }

    /// <summary>Learns how nft prints what is in force. Takes as long as a listing does.</summary>
    public void TakePrint()
    {
        if (_known is not { } known)
            return;
        var hash = PrintHash();
        _known = hash is not null && _generation.Read() == known.Generation ? known with { PrintHash = hash } : null;
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
    public void Dispose() => _generation.Dispose();

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

    private string? PrintHash()
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(nft.Text($"list table inet {WorkerRuleset.Table}"))));
        }
        catch (NftException)
        {
            return null;
        }
    }

    private sealed record Known(Ruleset Ruleset, uint Generation, string? PrintHash);
}
