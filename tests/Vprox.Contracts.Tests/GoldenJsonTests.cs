using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Serialization;

namespace Vprox.Contracts.Tests;

public sealed class GoldenJsonTests
{
    // What MassTransit writes into its envelope's "message" and reads from plain JSON.
    private static readonly JsonSerializerOptions Wire = new(SystemTextJsonMessageSerializer.Options) { WriteIndented = true };

    public static TheoryData<string> Names => [.. Schema.Contracts.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_goes_over_the_wire_as_it_always_did(string name)
    {
        var message = Sample.Of(TypeOf(name));

        var json = JsonSerializer.Serialize(message, message.GetType(), Wire) + "\n";

        Assert.Equal(Golden.Read($"{name}.json", json), json);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_read_as_it_was_written_and_unknown_fields_are_ignored(string name)
    {
        var golden = JsonNode.Parse(Golden.Read($"{name}.json", JsonSerializer.Serialize(Sample.Of(TypeOf(name)), TypeOf(name), Wire) + "\n"))!.AsObject();
        golden["addedLater"] = new JsonObject { ["a"] = 1 };

        var message = golden.Deserialize(TypeOf(name), Wire);

        golden.Remove("addedLater");
        Assert.Equal(golden.ToJsonString(), JsonSerializer.SerializeToNode(message, TypeOf(name), Wire)!.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_required_field_is_refused_and_a_missing_optional_one_is_not(string name)
    {
        var type = TypeOf(name);
        var golden = JsonSerializer.SerializeToNode(Sample.Of(type), type, Wire)!.AsObject();
        foreach (var (field, _) in golden.ToList())
        {
            var without = golden.DeepClone().AsObject();
            without.Remove(field);
            var required = Schema.Lines.Single(line => line.StartsWith($"{name}.{field}: ", StringComparison.Ordinal)).EndsWith(" required", StringComparison.Ordinal);
            if (required)
                Assert.Contains(field, Assert.Throws<JsonException>(() => without.Deserialize(type, Wire)).Message, StringComparison.OrdinalIgnoreCase);
            else
                Assert.NotNull(without.Deserialize(type, Wire));
        }
    }

    [Fact]
    public void No_message_was_taken_away() =>
        Assert.Empty(Golden.Names(".json").Except(Schema.Contracts.Select(type => type.Name)));

    private static Type TypeOf(string name) => Schema.Contracts.Single(type => type.Name == name);
}
