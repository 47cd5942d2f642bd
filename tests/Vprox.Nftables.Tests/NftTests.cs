using Vprox.Lab.Namespaces;

namespace Vprox.Nftables.Tests;

/// <summary>libnftables against the real kernel, each test in a network namespace of its own.</summary>
public sealed class NftTests : IDisposable
{
    private readonly NetworkNamespace _namespace = NetworkNamespace.CreateRandom("nft");
    private readonly Nft _nft;

    public NftTests() => _nft = _namespace.Run(() => new Nft());

    public void Dispose()
    {
        _nft.Dispose();
        _namespace.Dispose();
    }

    [Fact]
    public void A_ruleset_is_loaded_as_nft_lists_it()
    {
        _nft.Run("table inet t { set s { type ipv4_addr; elements = { 10.0.0.1 }; }; chain c { ip saddr @s drop; }; }");

        const string Expected = """
            table inet t {
            	set s {
            		type ipv4_addr
            		elements = { 10.0.0.1 }
            	}

            	chain c {
            		ip saddr @s drop
            	}
            }

            """;
        Assert.Equal(Expected, _nft.Text("list table inet t"));
        Assert.Equal(Expected, _namespace.Execute("nft", "list", "table", "inet", "t"));
    }

    [Fact]
    public void An_instance_stays_in_the_namespace_it_was_made_in()
    {
        // This thread is in the namespace of the machine; the instance was made inside.
        _nft.Run("add table inet only_inside");

        Assert.Contains("only_inside", _namespace.Execute("nft", "list", "tables"), StringComparison.Ordinal);
        using var outside = new Nft();
        Assert.DoesNotContain("only_inside", outside.Tables("inet"));
    }

    [Fact]
    public void A_transaction_with_one_bad_line_changes_nothing_and_names_the_line()
    {
        var refused = Assert.Throws<NftException>(() => _nft.Run("add table inet t\nadd chain inet t c\nadd rule inet t c jump nowhere\n"));

        Assert.Equal(3, refused.Line);
        Assert.Contains("No such file or directory", refused.Text, StringComparison.Ordinal);
        Assert.Contains("jump nowhere", refused.Text, StringComparison.Ordinal);
        Assert.Empty(_nft.Tables("inet"));
    }

    [Fact]
    public void A_syntax_error_is_told_in_nfts_own_words()
    {
        var refused = Assert.Throws<NftException>(() => _nft.Run("add tabel inet t"));

        Assert.Equal(1, refused.Line);
        Assert.StartsWith("nft run, line 1: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("syntax error", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_does_not_linger_in_the_next_command()
    {
        Assert.Throws<NftException>(() => _nft.Run("delete table inet missing"));

        _nft.Run("add table inet t");

        Assert.Equal(["t"], _nft.Tables("inet"));
        Assert.DoesNotContain("missing", Assert.Throws<NftException>(() => _nft.Run("delete chain inet t gone")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Checking_changes_nothing_and_finds_what_only_the_kernel_knows()
    {
        _nft.Check("add table inet t\nadd chain inet t c { type filter hook input priority 0; }\n");

        Assert.Empty(_nft.Tables("inet"));
        Assert.Throws<NftException>(() => _nft.Check("delete table inet missing"));
    }

    [Fact]
    public void Json_lists_objects_without_metainfo()
    {
        _nft.Run("add table inet t\nadd counter inet t dropped\n");

        var counter = Assert.Single(_nft.Json("list counters table inet t"));
        Assert.Equal("dropped", counter["counter"]!["name"]!.GetValue<string>());
        Assert.Equal(0, counter["counter"]!["packets"]!.GetValue<long>());
        Assert.Empty(_nft.Json("list ruleset ip6"));
    }

    [Fact]
    public void Text_leaves_counts_out()
    {
        _nft.Run("table inet t { counter c { packets 7 bytes 700; }; chain in { counter packets 7 bytes 700; }; }");

        Assert.DoesNotContain("7", _nft.Text("list table inet t"), StringComparison.Ordinal);
        Assert.Contains("packets 7", _namespace.Execute("nft", "list", "table", "inet", "t"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_commands_of_many_threads_do_not_mix()
    {
        Parallel.For(0, 64, number =>
        {
            _nft.Run($"add table inet t{number}");
            Assert.Contains($"t{number}", _nft.Tables("inet"));
        });

        Assert.Equal(64, _nft.Tables("inet").Count);
    }

    [Fact]
    public void Empty_text_does_nothing_and_a_NUL_is_refused()
    {
        _nft.Run("");
        Assert.Throws<ArgumentException>(() => _nft.Run("add table inet a\0add table inet b"));
        Assert.Empty(_nft.Tables("inet"));
    }

    [Fact]
    public void A_disposed_instance_says_so()
    {
        var gone = _namespace.Run(() => new Nft());
        gone.Dispose();
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gone.Run("add table inet t"));
    }

    [Fact]
    public void A_process_with_a_thousand_files_open_is_refused_instead_of_ended()
    {
        var files = Enumerable.Range(0, 1100).Select(_ => File.OpenHandle("/dev/null")).ToList();
        try
        {
            Assert.Contains("files open", Assert.Throws<NftException>(() => new Nft()).Message, StringComparison.Ordinal);
            // One that was opened in time goes on.
            _nft.Run("add table inet t");
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
        new Nft().Dispose();
    }
}
