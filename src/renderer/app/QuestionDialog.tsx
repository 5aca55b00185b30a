import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** Asks before something would be lost. */
export function QuestionDialog() {
  const { ui } = useWorkbench();
  const question = useStore(ui, state => state.question);
  if (!question) return null;
  const close = () => ui.set({ question: null });
  return (
    <Dialog label={question.title} onClose={close} className="question">
      <h2>{question.title}</h2>
      <p className="muted">{question.text}</p>
      <div className="row end">
        <Button focused onClick={close}>
          Keep editing
        </Button>
        <Button
          kind="primary"
          onClick={() => {
            close();
            question.action();
          }}
        >
          {question.confirm}
        </Button>
      </div>
    </Dialog>
  );
}
