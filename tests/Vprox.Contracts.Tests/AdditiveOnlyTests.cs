using Vprox.Bus.Messaging;

namespace Vprox.Contracts.Tests;

public sealed class AdditiveOnlyTests
{
    [Fact]
    public void No_member_is_renamed_retyped_or_taken_away()
    {
        var golden = Golden.Read("schema.txt", string.Join('\n', Schema.Lines) + "\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Empty(golden.Except(Schema.Lines));
    }

    [Fact]
    public void A_member_that_is_added_to_a_message_is_optional()
    {
        var golden = Golden.Read("schema.txt", string.Join('\n', Schema.Lines) + "\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var known = golden.Select(line => line.Split('.')[0]).ToHashSet();

        var added = Schema.Lines.Except(golden).ToList();

        Assert.DoesNotContain(added, line => line.EndsWith(" required", StringComparison.Ordinal) && known.Contains(line.Split('.')[0]));
        Assert.True(added.Count == 0, "Add to Golden/schema.txt:\n" + string.Join('\n', added));
    }

    [Fact]
    public void Exchanges_have_the_names_that_producers_in_other_languages_know()
    {
        var exchanges = string.Join('\n', ExchangeNames.Messages.Select(message => $"{ExchangeNames.Of(message)} {ExchangeNames.TypeOf(message)}")) + "\n";

        Assert.Equal(Golden.Read("exchanges.txt", exchanges), exchanges);
    }
}
