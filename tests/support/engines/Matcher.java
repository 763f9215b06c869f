import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Machine;

/**
 * Runs EventBridge's own matcher. Each line of stdin is {"rules": {name: pattern}, "events": [event]}; it is answered with a line that has
 * a list of the matching rules' names for each event.
 */
class Matcher {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper json = new ObjectMapper();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode question = json.readTree(line);
      Machine machine = Machine.builder().build();
      for (var rule : question.get("rules").properties()) machine.addRule(rule.getKey(), rule.getValue().toString());
      ArrayNode answers = json.createArrayNode();
      for (JsonNode event : question.get("events")) {
        ArrayNode names = answers.addArray();
        for (String name : machine.rulesForJSONEvent(event)) names.add(name);
      }
      out.println(answers);
    }
  }
}
