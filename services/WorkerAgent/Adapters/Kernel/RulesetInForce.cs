using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vprox.Nftables;
using Vprox.WorkerAgent.Adapters.Journal;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>
/// Our nft table. nft prints a ruleset in other words than it was given, so what is compared is the print: as long as it is the one that
/// followed our last change, our text is in force. A small file carries that over a restart.
/// </summary>
internal sealed class RulesetInForce(Nft nft, string folder)
{
    private const string ListTable = $"list table inet {WorkerRuleset.Table}";

    private readonly string _path = Path.Combine(folder, "ruleset.json");
    private Record? _last = Load(Path.Combine(folder, "ruleset.json"));

    /// <summary>The text in force; null when there is no table or somebody else changed it.</summary>
    public string? Read() => _last is not null && Print() is { } print && Hash(print) == _last.PrintHash ? _last.Text : null;

    /// <summary>Puts a text in force.</summary>
    public void Replace(string text)
    {
        try
        {
            nft.Run(text);
        }
        catch (NftException)
        {
            // A table of another version may hold what cannot be redeclared.
            nft.Run($"table inet {WorkerRuleset.Table}\ndelete table inet {WorkerRuleset.Table}\n{text}");
        }
        Remember(new Record(text, Hash(Print() ?? "")));
    }

    /// <summary>Removes the table.</summary>
    public void Remove()
    {
        nft.Run($"table inet {WorkerRuleset.Table}\ndelete table inet {WorkerRuleset.Table}\n");
        _last = null;
        File.Delete(_path);
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

    private void Remember(Record record)
    {
        _last = record;
        AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(record));
    }

    private string? Print()
    {
        try
        {
            return nft.Text(ListTable);
        }
        catch (NftException)
        {
            return null;
        }
    }

    private static Record? Load(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Record>(File.ReadAllBytes(path)) : null;
        }
        catch (JsonException)
        {
            // Not knowing costs one transaction that changes nothing.
            return null;
        }
    }

    private static string Hash(string print) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(print)));

    private sealed record Record(string Text, string PrintHash);
}
